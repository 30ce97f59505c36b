"""The action and the hooks name commands and options that exist, and run."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.cli import main
from tests.conftest import example
from tests.effort import examples

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def options(command: str) -> set[str]:
    return {name for each in main.commands[command].params for name in each.opts}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_that_takes_files(hook: dict[str, Any]) -> None:
    program, command, *words = shlex.split(hook["entry"])
    assert program == "mock-mindvideo"
    assert set(words) <= options(command)
    assert any(each.nargs == -1 for each in main.commands[command].params)


def test_the_hook_names_the_faulty_file_among_several(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.mindvideo.json", tmp_path / "bad.mindvideo.json"
    good.write_text(json.dumps(example()))
    bad.write_text(json.dumps(example(duration=99)))
    hook = next(each for each in HOOKS if each["id"] == "mindvideo-validate")
    words = shlex.split(hook["entry"])[1:]
    command = [sys.executable, "-m", "mock_mindvideo", *words, str(good), str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{good}: valid" in done.stdout
    assert f"{bad}: /duration: must be at most 15" in done.stdout
    assert all(re.search(hook["files"], str(file)) for file in (good, bad))


def test_inputs_of_the_action_never_stand_in_its_scripts() -> None:
    """They would be run as text of the shell."""
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)


def run_action(
    tmp_path: Path, *, programs: str = "bin", run: str | None = None, **given: str
) -> subprocess.CompletedProcess[str]:
    """The action's last step, with this environment's command in place of the installed one.

    `run` is a line of shell that stands in for that command; its words are "$@".
    """
    command = tmp_path / "mock-mindvideo" / programs / "mock-mindvideo"
    command.parent.mkdir(parents=True)
    run = run or f'exec "{sys.executable}" -m mock_mindvideo "$@"'
    command.write_text(f"#!/bin/sh\n{run}\n")
    command.chmod(0o755)
    defaults = {name: str(each["default"]) for name, each in ACTION["inputs"].items()}
    step = ACTION["runs"]["steps"][-1]
    environ = {
        name: re.sub(
            r"\$\{\{ inputs\.([a-z-]+) \}\}",
            lambda found: (defaults | given)[found[1]],
            value,
        )
        for name, value in step["env"].items()
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        env=os.environ
        | environ
        | {
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_ACTIONS": "true",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_action_verifies_the_mock_by_default(tmp_path: Path) -> None:
    done = run_action(tmp_path, junit=str(tmp_path / "j.xml"), sarif=str(tmp_path / "s.sarif"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert " kept in " in done.stdout
    assert (tmp_path / "j.xml").is_file()
    assert (tmp_path / "s.sarif").is_file()


def test_the_action_fails_where_the_command_does(tmp_path: Path) -> None:
    arguments = "schemas/models/wan2-7-r2v schemas/platform/task.schema.json"
    done = run_action(tmp_path, command="drift", arguments=arguments)
    assert done.returncode == 1
    assert "BREAKING" in done.stdout


#: Prints each word on a line of its own, in brackets.
SHOW = """for word in "$@"; do printf '[%s]\\n' "$word"; done"""


def words(shown: str) -> list[str]:
    return shown.removeprefix("[").removesuffix("]\n").split("]\n[")


def test_every_line_of_arguments_reaches_the_command_quoted_words_too(tmp_path: Path) -> None:
    given = """--strict
    "a file.har"   'it''s $HOME' `id`
    --format=json ""
    """
    done = run_action(tmp_path, run=SHOW, command="check-traffic", arguments=given)
    assert done.returncode == 0, done.stderr
    assert words(done.stdout) == [
        "check-traffic", "--strict", "a file.har", "its $HOME", "`id`", "--format=json", ""
    ]  # fmt: skip


def test_a_line_of_arguments_that_ends_with_a_backslash_goes_on_in_the_next(tmp_path: Path) -> None:
    given = "--strict \\\n  --format json \\\n  'a \\\nb' -\\\nq"
    done = run_action(tmp_path, run=SHOW, command="verify", arguments=given)
    assert words(done.stdout)[-5:] == ["--strict", "--format", "json", "a \\\nb", "-q"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r]"), max_size=8)))
@settings(max_examples=examples(15))
def test_whatever_a_shell_quotes_comes_out_as_it_was(given_words: list[str]) -> None:
    with TemporaryDirectory() as folder:
        done = run_action(
            Path(folder), run=SHOW, command="validate", arguments=shlex.join(given_words)
        )
    assert words(done.stdout) == ["validate", *given_words]


def test_arguments_that_cannot_be_read_are_told_before_anything_runs(tmp_path: Path) -> None:
    done = run_action(tmp_path, run="echo ran", command="validate", arguments='"open')
    assert done.returncode == 2
    assert "ran" not in done.stdout
    assert "::error::the input 'arguments' cannot be read: No closing quotation" in done.stderr


def test_the_action_finds_its_command_where_windows_has_it(tmp_path: Path) -> None:
    done = run_action(tmp_path, run=SHOW, programs="Scripts", command="validate")
    assert words(done.stdout) == ["validate"]
    step = ACTION["runs"]["steps"][-2]["run"]
    assert "Scripts" in step
