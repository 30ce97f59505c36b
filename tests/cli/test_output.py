"""Where a command's output cannot be written, it says so in one line and ends with 2."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import example

COMMAND = (sys.executable, "-m", "mock_mindvideo")
ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "schemas/models/wan2-7-r2v"

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="the full disk is Linux's /dev/full"
)


def in_own_process(*words: object, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
        **options,  # type: ignore[call-overload]
    )


QUICK = [("--help",), ("--version",), ("serve", "--help"), ("openapi",), ("validate",)]
SLOW = [
    ("serve", "--port", "0"),
    ("rules", "--json"),
    ("verify", "--list"),
    ("drift", MODEL, MODEL),
    ("examples", "--valid", "3"),
    ("estimate",),
]


@pytest.mark.parametrize(
    "words",
    [*QUICK, *(pytest.param(each, marks=pytest.mark.slow) for each in SLOW)],
    ids=lambda words: "-".join(map(str, words[:2])),
)
def test_a_full_disk_is_told_in_one_line_whatever_the_command(words: tuple[object, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = in_own_process(*words, stdout=full, input=json.dumps(example()))
    assert done.returncode == 2
    assert done.stderr == "mock-mindvideo: standard output: No space left on device\n"


def test_a_reader_that_leaves_is_told_in_one_line() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = in_own_process("openapi", stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 2
    assert done.stderr == "mock-mindvideo: standard output: Broken pipe\n"


def test_a_command_without_any_output_to_write_to_just_runs() -> None:
    done = in_own_process("openapi", preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_that_nobody_can_read_still_ends_with_its_code() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "openapi"], stdout=full, stderr=full, timeout=300, check=False
        )
    assert done.returncode == 2


@pytest.mark.parametrize("option", ["--junit", "--sarif"])
def test_a_report_that_cannot_be_written_is_told_in_one_line(
    tmp_path: Path, run: Run, option: str
) -> None:
    done = run("verify", option, tmp_path)
    assert done.exit_code == 2
    assert done.stderr == f"mock-mindvideo: {tmp_path}: cannot be written: Is a directory\n"


def test_an_export_into_a_file_is_told_in_one_line(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "file"
    file.touch()
    done = run("verify", "--export", file)
    assert done.exit_code == 2
    assert done.stderr == f"mock-mindvideo: {file}: cannot be made: File exists\n"


def test_an_export_that_cannot_be_written_is_named(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "file" / "below"
    folder.parent.touch()
    done = run("verify", "--export", folder)
    assert done.exit_code == 2
    assert done.stderr == f"mock-mindvideo: {folder}: cannot be made: Not a directory\n"
