"""A recording with anything anywhere is learned from, or refused as one: never a traceback."""

import base64
import copy
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.learning.writing import write_folder
from tests.contract.honest import Honest, Ways
from tests.contract.test_recordings import recorded
from tests.effort import examples
from tests.learning.looping import learned_of, written

WAYS = (
    Ways(),
    Ways(extras=True, nulls=True),
    Ways(errors="html", events="sse"),
    Ways(errors="nothing", ends="failed"),
)
ODD = st.sampled_from([
    None, 0, -1, 1e300, 10**30, True, "", "x", "{status}", "{nope}", "é", [], [1, [2]], {},
    {"a": {"b": None}}, {"{a}": 1}, {"status": 5},
])  # fmt: skip


@cache
def plain(number: int) -> Any:
    """A recording with its bodies as JSON values, so that they can be spoilt anywhere."""
    recording = recorded(Honest(WAYS[number]))
    for entry in recording["log"]["entries"]:
        content, sent = entry["response"]["content"], entry["request"].get("postData")
        text = base64.b64decode(content["text"]).decode()
        entry["response"]["content"] = {"size": content["size"], "text": text}
        with suppress(ValueError):
            entry["response"]["content"]["text"] = json.loads(text)
        if sent:
            sent["text"] = json.loads(sent["text"])
    return recording


def parts(value: Any) -> list[tuple[Any, Any]]:
    """Every object and list within a value, with each of its keys."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, each in list(inner):
        found.append((value, key))
        found += parts(each) if isinstance(each, dict | list) else []
    return found


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, len(WAYS) - 1), st.data())
def test_nothing_in_a_recording_breaks_what_learns_of_it(number: int, data: st.DataObject) -> None:
    recording = copy.deepcopy(plain(number))
    for _ in range(data.draw(st.integers(1, 3))):
        place, key = data.draw(st.sampled_from(parts(recording["log"]["entries"])))
        place[key] = data.draw(ODD)
    with TemporaryDirectory() as folder, suppress(ContractError):
        learned = learned_of(written(recording, Path(folder) / "strange.har"))
        write_folder(learned, Path(folder) / "learned")
