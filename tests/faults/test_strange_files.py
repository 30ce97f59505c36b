"""Whatever stands where a file is expected: one line that names it, no hang, no traceback."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.serving import Server

pytestmark = pytest.mark.slow

#: Seconds until a command has ended. One that waits for a pipe waits for ever.
SOON = 60

#: What no message may show: it stands in a file that a link leads to.
SECRET = "the content of another file"


def make(folder: Path, name: str) -> Path:
    place = folder / "strange"
    if name == "a pipe":
        os.mkfifo(place)
    elif name == "an endless device":
        place.symlink_to("/dev/zero")
    else:
        (folder / "secret").write_text(SECRET)
        place.symlink_to(folder / "secret")
    return place


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mock_mindvideo", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=SOON, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


READ: dict[str, Sequence[str]] = {
    "--script": ("serve", "--port", "0", "--script"),
    "--load": ("serve", "--port", "0", "--load"),
    "--schemas": ("serve", "--port", "0", "--schemas"),
    "validate": ("validate",),
    "estimate": ("estimate",),
    "check-traffic": ("check-traffic",),
    "verify": ("verify", "--list"),
    "drift": ("drift", str(Path(__file__).parents[2] / "schemas" / "models" / "wan2-7-r2v")),
    "--db": ("serve", "--port", "0", "--db"),
}


@pytest.mark.parametrize("strange", ["a pipe", "an endless device", "another file"])
@pytest.mark.parametrize("name", READ)
def test_a_file_that_cannot_be_read_is_told_by_its_name_and_nothing_waits_for_it(
    tmp_path: Path, name: str, strange: str
) -> None:
    place = make(tmp_path, strange)
    done = run(*READ[name], place)
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2), said
    assert str(place) in said
    assert "Traceback" not in said
    assert SECRET not in said


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


def test_a_database_may_be_a_link_and_what_it_leads_to_keeps_its_log_beside_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").mkdir()
    link = tmp_path / "mock.db"
    link.symlink_to(tmp_path / "kept" / "real.db")
    for _ in range(2):
        server = Server(tmp_path, "--db", str(link))
        assert {each.name for each in (tmp_path / "kept").iterdir()} >= {"real.db", "real.db-wal"}
        assert server.stop() in (0, -signal.SIGTERM)
    assert (tmp_path / "kept" / "real.db").stat().st_mode & 0o777 == 0o600
