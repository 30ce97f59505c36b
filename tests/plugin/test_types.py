"""What a type checker and an editor know of the handle."""

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import jedi
import pytest

import mock_mindvideo
from mock_mindvideo.domain.script import WORDS, PlanOverrides, parse
from mock_mindvideo.domain.world import PROGRESSES
from mock_mindvideo.plugin.options import OLDER_NAMES, Options, WorldOptions
from mock_mindvideo.plugin.records import RecordedLedger, RecordedRequest, RecordedTask
from mock_mindvideo.plugin.steering import ActiveScript, CreatedKey, Keys
from mock_mindvideo.plugin.words import PlanWords, Profile, Progress, Words, in_words
from mock_mindvideo.settings import PROFILES
from tests.npm import npm_program

PUBLIC = (
    mock_mindvideo.MindVideo,
    ActiveScript,
    CreatedKey,
    Keys,
    RecordedLedger,
    RecordedRequest,
    RecordedTask,
)

#: A value for each word, as Python says it.
VALUES = {
    "outcome": "failed", "error": "timeout", "message": "a; b", "queued": 1, "processing": 0.000001,
    "webhook_drop": 2, "webhook_duplicate": True, "webhook_reorder": True,
    "delay": 0.5, "status": 503, "retry_after": 3, "drop": "after-commit", "truncate": 9,
    "malformed": True, "drip": 200, "cut": 2, "duplicate": 1, "heartbeats": 5, "limit": "10/60",
    "times": 2, "skip": 1, "probability": 0.25, "method": "POST", "path": "/api/v1/tasks",
}  # fmt: skip

USES = """
from mock_mindvideo import MindVideo

def uses(mindvideo: MindVideo) -> None:
    {line}
"""


def members(thing: type) -> Iterator[tuple[str, object]]:
    for name, member in inspect.getmembers(thing):
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield name, member.fget
        elif callable(member):
            yield name, member


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda thing: thing.__name__)
def test_no_public_signature_holds_any(thing: type) -> None:
    loose = [
        f"{name}: {annotation}"
        for name, member in members(thing)
        for annotation in getattr(member, "__annotations__", {}).values()
        if "Any" in str(annotation)
    ]

    assert loose == []


def test_every_word_of_scripts_is_typed_and_nothing_else_is() -> None:
    named = {word.partition("@")[0].replace("-", "_") for word in WORDS}

    assert set(get_type_hints(Words)) == named
    assert set(get_type_hints(PlanWords)) == {each.name for each in fields(PlanOverrides)}
    assert set(VALUES) == named


@pytest.mark.parametrize("word", VALUES)
def test_a_word_in_python_is_the_word_of_the_grammar(word: str) -> None:
    text = in_words({word: VALUES[word]})  # type: ignore[misc]
    alone = {"times", "skip", "probability", "method", "path", "retry_after"}
    parsed = parse(f"status=429; {text}" if word in alone else text)

    name = "drop@after-commit" if word == "drop" else word.replace("_", "-")
    assert WORDS[name].member(word) == word
    held = [parsed, parsed.plan, parsed.fault]
    assert any(getattr(each, word, None) not in (None, False, "") for each in held)


def test_the_typed_literals_are_the_values_that_settings_accept() -> None:
    assert set(get_args(Progress)) == set(PROGRESSES)
    assert get_args(Profile) == PROFILES


def test_every_option_of_a_world_is_typed() -> None:
    typed = [name for name in get_type_hints(WorldOptions) if name not in OLDER_NAMES]
    assert typed == [each.name for each in fields(Options)]


@pytest.mark.slow
def test_an_editor_completes_the_handle(tmp_path: Path) -> None:
    source = USES.format(line="mindvideo.assert_")
    line = source.rstrip().count("\n") + 1
    found = jedi.Script(source.rstrip(), path=tmp_path / "test_app.py").complete(
        line, len("    mindvideo.assert_")
    )

    public = {name for name in dir(mock_mindvideo.MindVideo) if name.startswith("assert_")}
    assert {each.name for each in found} == public


MISTAKES = [
    ('mindvideo.next_task(outcom="failed")', "outcom"),
    ('mindvideo.next_task(outcome="faild")', "succeeded"),
    ("mindvideo.next_task(queued='soon')", "float"),
    ("mindvideo.script(statsu=503)", "statsu"),
    ("mindvideo.script(drop='after-comit')", "after-commit"),
    ('mindvideo.progress = "poll"', "polls"),
    ('mindvideo.hold("comit")', "commit"),
    ("mindvideo.requests[0].jsn", "jsn"),
    ("mindvideo.assert_requested('GET /', time=1)", "time"),
]

FINE = [
    'mindvideo.next_task(outcome="failed", error="timeout", queued=1, processing=2.5)',
    'mindvideo.script("status=503", times=2)',
    'mindvideo.script(status=429, retry_after=3, drop="after-commit")',
    'mindvideo.progress = "manual"',
    'with mindvideo.hold("commit") as gate: gate.wait()',
    'assert mindvideo.requests[0].json == {"model": "x"}',
    'mindvideo.assert_requested("GET /", times=1, json={"input": {"prompt": "x"}})',
    "print(mindvideo.client().get('/').status_code + mindvideo.ledger.held)",
]


@pytest.fixture
def uses(tmp_path: Path) -> Path:
    """A folder of small modules: the mistakes first, in their order, then what is fine."""
    for number, line in enumerate([*(line for line, _ in MISTAKES), *FINE]):
        (tmp_path / f"use_{number}.py").write_text(USES.format(line=line))
    return tmp_path


def check(problems: Sequence[tuple[str, str]]) -> None:
    """Each mistake is told with the word that is wrong, and nothing else is."""
    said: dict[int, list[str]] = {}
    for file, message in problems:
        said.setdefault(int(Path(file).stem.removeprefix("use_")), []).append(message)
    assert sorted(said) == list(range(len(MISTAKES))), problems
    for number, (_, word) in enumerate(MISTAKES):
        assert any(word in message for message in said[number]), said[number]


@pytest.mark.slow
def test_mypy_finds_a_wrong_word(uses: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--output", "json", str(uses)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    check([(each["file"], each["message"]) for each in found if each["severity"] == "error"])


@pytest.mark.slow
def test_pyright_finds_it_too_and_knows_every_type(uses: Path) -> None:
    pyright = npm_program("pyright", "pyright@1.1.405")
    config = {"typeCheckingMode": "strict", "extraPaths": [str(Path(__file__).parents[2])]}
    (uses / "pyrightconfig.json").write_text(json.dumps(config))

    command = [str(pyright), "--pythonpath", sys.executable, "--outputjson", "-p", str(uses)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900)
    found = json.loads(done.stdout)["generalDiagnostics"]
    check([(each["file"], each["message"]) for each in found])
