"""What an honest server does otherwise is recorded, learned and served: no difference is left."""

from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.contract.traffic.reading import read_recording
from mock_mindvideo.learning.learned import learn
from tests.contract.honest import DIFFERENCES, Honest, Ways
from tests.contract.spellings import FORMS, NAMES
from tests.learning.looping import turn

#: What requests decide and no file says; each is told as a remark. The honest server takes any
#: idempotency key (X10) and compares payloads with their defaults (X11).
ALWAYS = {"X10", "X11"}
UNSAID: dict[str, set[str]] = {
    "400 for every refusal": {"X13"},  # of a path beside the API, which no recording has
    "403 for a key, and for what is not yours": {"X13"},
    "404 for a key, 410 for a task": {"X13"},
    "2.0 is no integer": {"X17"},
    "other schemes are read too": {"X02", "X04"},
    "more in a body is ignored": {"X17"},
    "tasks fail": {"X01", "X21", "X24"},  # which tasks do is no matter of a dialect
    "progress between the events": {"X21", "X22", "X23"},
    "sse of one list": {"X21"},
    "other headers": {"X03", "X14"},  # a dialect names headers; values are the mock's
    "objects by their id": {"X21", "X22", "X23"},
}
SILENT = ("tasks fail", "other headers", *(name for name in UNSAID if "for " in name))

WAYS: dict[str, dict[str, Any]] = {
    **DIFFERENCES,
    **{form: {"events": form} for form in FORMS},
    **{f"events by {names}": {"names": names} for names in NAMES},
}

#: Those that are tried each time.
QUICK = ("more members everywhere", "errors as html", "sse", "another price at 720P")


def ways(name: str) -> Ways:
    return Ways(**WAYS[name])


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=() if each in QUICK else pytest.mark.slow) for each in WAYS]
)
def test_no_difference_is_left_once_the_mock_has_learned_it(name: str, tmp_path: Path) -> None:
    loop = turn(Honest(ways(name)), tmp_path)
    unsaid = UNSAID.get(name, set())
    left = [each for each in loop.answers_found() if not unsaid & set(each.proves)]
    assert left == []
    real, mock = loop.found(Honest(ways(name))), loop.found_on_the_mock()
    apart = {each for each in real ^ mock if not set(each[-1]) <= ALWAYS | unsaid}
    assert apart == set()
    abouts = [each.about for each in loop.learned.remarks]
    assert "laxer than the mock" in abouts
    assert name not in UNSAID or name in SILENT or len(abouts) > 2


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=() if each == "sse" else pytest.mark.slow) for each in WAYS]
)
def test_what_was_learned_leaves_nothing_to_learn(name: str, tmp_path: Path) -> None:
    loop = turn(Honest(ways(name)), tmp_path)
    again = learn({loop.file: read_recording(loop.file)}, [loop.folder])
    assert [each.place for each in again.proposals] == []
