"""Standard input, standard output and pipes in place of files: taken, or refused at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.strange import MODEL, ONE, SOON

pytestmark = pytest.mark.slow

READ_FROM_STDIN = {
    "validate": ["validate", "-"],
    "estimate": ["estimate"],
    "check-traffic": ["check-traffic", "-"],
    "drift old": ["drift", "-", MODEL],
    "drift new": ["drift", MODEL, "-"],
}


@pytest.mark.parametrize("strange", ["closed", "/dev/zero", "/dev/full"])
@pytest.mark.parametrize("name", READ_FROM_STDIN)
def test_a_standard_input_that_is_closed_or_never_ends_is_told(
    tmp_path: Path, name: str, strange: str
) -> None:
    redirected = "<&-" if strange == "closed" else f"<{strange}"
    command = [sys.executable, "-m", "mock_mindvideo", *READ_FROM_STDIN[name]]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", *command],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SOON,
    )  # fmt: skip
    assert done.returncode == 2
    assert "-: cannot be read: is " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_goes_to_an_open_file_is_written_into_that_file(tmp_path: Path) -> None:
    """As in `--junit /dev/stdout >report`, where the name belongs to whoever opened it."""
    out = tmp_path / "report"
    with out.open("wb") as opened:
        command = [
            sys.executable,
            "-m",
            "mock_mindvideo",
            *ONE,
            "--quiet",
            "--junit",
            "/dev/stdout",
        ]
        subprocess.run(command, check=True, stdout=opened, cwd=tmp_path, timeout=SOON)
        assert os.fstat(opened.fileno()).st_ino == out.stat().st_ino
    assert "<testsuite" in out.read_text()


def test_what_a_command_writes_through_a_pipe_is_read(tmp_path: Path) -> None:
    """As in `mock-mindvideo validate <(command)`."""
    ends = os.pipe()
    with os.fdopen(ends[1], "wb") as write:
        write.write(b'{"prompt": 1}')
    with os.fdopen(ends[0], "rb") as read:
        done = subprocess.run(
            [sys.executable, "-m", "mock_mindvideo", "validate", f"/dev/fd/{read.fileno()}"],
            pass_fds=[read.fileno()], capture_output=True, text=True, timeout=SOON, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "/prompt" in done.stdout + done.stderr
