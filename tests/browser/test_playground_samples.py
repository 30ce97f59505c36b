"""The request as programs: each is run, and what arrives is what the form holds, whatever it is."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.pure import Logic, logic
from tests.browser.test_playground_forms import write_model
from tests.conftest import TASKS

pytestmark = pytest.mark.slow

HOSTILE = {
    "quotes": "'\"`'''\"\"\"",
    "money": "$HOME ${HOME} $(id) `id` %s %(a)s {0} #{x}",
    "slashes": "\\ \\n \\u0041 \\' \\\" C:\\temp\\",
    "lines": "a\nb\r\nc\td\x0b\x0c\x00\x7f",
    "markup": "</script><!-- <b>&amp;",
    "emoji": "😀👩‍👩‍👧 图1 é\u0301",
    "separators": "\u2028\u2029\ufeff\u202e\u200b\u00ad\U000e0041",
    "shell": "!! !$ ~ * ? ; & | > < ( ) #",
    "heredoc": "x\nJSON\nEOF\n",
    "python": "{'a': None} True \\N{BULLET}",
    "empty": "",
    "__proto__": "own",
    "constructor": "own",
    'it\'s "$x" \\ \u2028': "a name",
    "whole": 12345678901234567890123,
    "fraction": 0.1,
    "exponent": 1e22,
    "minus": -0.5,
    "constants": [True, False, None, [], {}, [[]], {"": {}}],
}
KEY = "it's $HOME \"`!~\\n%{}"


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    folder = tmp_path_factory.mktemp("models")
    write_model(folder, "any", {"type": "object"}, {})
    settings = Settings(port=0, progress="polls", schemas=(folder,), log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture(scope="module")
def pure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logic]:
    with logic(tmp_path_factory.mktemp("pure")) as opened:
        yield opened


def command(language: str, program: str, folder: Path) -> list[str]:
    """How a person runs it."""
    ending = {"curl": "sh", "Python": "py", "TypeScript": "mjs", "Go": "go"}[language]
    file = folder / f"sample.{ending}"
    file.write_text(program, encoding="utf-8", newline="")
    go = shutil.which("go")
    if language == "Go" and go is None:
        pytest.skip("Go is not installed")
    starts: dict[str, list[str]] = {
        "curl": ["sh"],
        "Python": [sys.executable],
        "TypeScript": ["node"],
        "Go": [go or "go", "run"],
    }
    return [*starts[language], str(file)]


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("language", ["curl", "Python", "TypeScript", "Go"])
def test_a_copied_program_sends_exactly_what_the_form_holds(
    mock: MockServer,
    pure: Logic,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    with_key: bool,
) -> None:
    key = f"mv_test_{language.lower()}-{'with' if with_key else 'without'}"
    monkeypatch.setenv("MINDVIDEO_API_KEY", key)
    submit: dict[str, Any] = {
        "url": mock.url + TASKS,
        "key": key if with_key else None,
        "headers": {
            "Content-Type": "application/json",
            "Idempotency-Key": KEY,
            "X-Mock-Script": "outcome=failed; error=content_policy",
        },
        "body": {"model": "any", "input": HOSTILE},
    }
    program = pure.do("samples", json.dumps(submit))[language]
    assert (key in program) is with_key
    run = command(language, program, tmp_path)
    done = subprocess.run(run, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    assert "task_" in done.stdout
    headers = {"Authorization": f"Bearer {key}"}
    requests = httpx.get(f"{mock.url}/_mock/requests", headers=headers).json()["requests"]
    (only,) = [each for each in requests if each["path"] == TASKS]
    assert json.loads(only["body"]) == submit["body"]
    arrived = {name.lower(): value for name, value in only["headers"]}
    for name, value in submit["headers"].items():
        assert arrived[name.lower()] == value


def test_a_long_request_fits_into_a_command(mock: MockServer, pure: Logic, tmp_path: Path) -> None:
    body = {"model": "any", "input": {"long": "it's $HOME\n" * 60_000}}
    submit = {
        "url": mock.url + TASKS,
        "key": "mv_test_long",
        "headers": {"Content-Type": "application/json"},
        "body": body,
    }
    program = pure.do("samples", json.dumps(submit))["curl"]
    run = command("curl", program, tmp_path)
    done = subprocess.run(run, capture_output=True, text=True, timeout=300, check=False)
    assert "task_" in done.stdout, done.stderr
    headers = {"Authorization": "Bearer mv_test_long"}
    task = httpx.get(f"{mock.url}/_mock/tasks", headers=headers).json()["tasks"][0]
    assert task["input"] == body["input"]
