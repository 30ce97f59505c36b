"""Whatever stands where a file is expected: one line that names it, no hang, no traceback."""

import os
import shutil
import signal
import stat
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


def make(place: Path, name: str) -> Path:
    """Put something strange in a place."""
    secret = place.parent / "secret"
    secret.write_text(SECRET)
    match name:
        case "a pipe":
            os.mkfifo(place)
        case "an endless device":
            place.symlink_to("/dev/zero")
        case "another file":
            place.symlink_to(secret)
        case "a circle of links":
            place.symlink_to(place)
        case "a folder":
            place.mkdir()
        case "a socket":
            os.mknod(place, stat.S_IFSOCK | 0o600)
        case "a file larger than memory":
            with place.open("wb") as made_file:
                made_file.truncate(1 << 40)
        case "a folder that is a file":
            place = secret / "file"
    return place


STRANGE = [
    "a pipe", "an endless device", "another file", "a circle of links", "a folder", "a socket",
    "a file larger than memory", "a folder that is a file",
]  # fmt: skip

#: What each command is tried with, since all read and write by the same functions.
READ_FROM = ["a pipe", "an endless device", "another file"]
WRITTEN_TO = ["a pipe", "a circle of links", "a folder"]


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mock_mindvideo", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=SOON, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


MODEL = Path(__file__).parents[2] / "schemas" / "models" / "wan2-7-r2v"

#: Commands, to which the strange place is added.
READ: dict[str, Sequence[str]] = {
    "--script": ("serve", "--port", "0", "--script"),
    "--load": ("serve", "--port", "0", "--load"),
    "validate": ("validate",),
    "estimate": ("estimate",),
    "check-traffic": ("check-traffic",),
    "verify": ("verify", "--list"),
    "verify --baseline": ("verify", "--only", "no-key-is-refused", "--baseline"),
    "drift": ("drift", str(MODEL)),
    "world load": ("world", "load", "--db", "mock.db"),
    "--schemas": ("serve", "--port", "0", "--schemas"),
    "--db": ("serve", "--port", "0", "--db"),
}


def refused(done: subprocess.CompletedProcess[str], place: Path) -> None:
    """A command has ended by itself, with a line that names the place."""
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2), said
    assert str(place) in said.replace("\n", ""), said
    assert "Traceback" not in said
    assert SECRET not in said


@pytest.mark.parametrize("strange", READ_FROM)
@pytest.mark.parametrize("name", READ)
def test_a_file_that_cannot_be_read_is_told_by_its_name_and_nothing_waits_for_it(
    tmp_path: Path, name: str, strange: str
) -> None:
    place = make(tmp_path / "strange", strange)
    refused(run(*READ[name], place), place)


@pytest.mark.parametrize("strange", [each for each in STRANGE if each not in READ_FROM])
def test_whatever_else_it_is_is_told_likewise(tmp_path: Path, strange: str) -> None:
    place = make(tmp_path / "strange", strange)
    refused(run("validate", place), place)


def test_what_is_known_is_a_list_of_the_callers_own_and_may_be_shown(tmp_path: Path) -> None:
    for strange in READ_FROM[:2]:
        (tmp_path / strange).mkdir()
        place = make(tmp_path / strange / "strange", strange)
        refused(run("drift", MODEL, MODEL, "--ignore", place), place)


@pytest.mark.parametrize("strange", READ_FROM)
@pytest.mark.parametrize("file", ["model.json", "input.schema.json", "pricing.json"])
def test_a_file_of_a_models_folder_is_told_likewise(
    tmp_path: Path, file: str, strange: str
) -> None:
    model = tmp_path / "models" / "wan2-7-r2v"
    shutil.copytree(MODEL, model)
    (model / file).unlink()
    place = make(model / file, strange)
    refused(run("serve", "--port", "0", "--schemas", tmp_path), place)


#: Commands that write; what is there already is kept, or is a place that takes what is written.
WRITTEN: dict[str, Sequence[str]] = {
    "--junit": ("verify", "--only", "no-key-is-refused", "--junit"),
    "--sarif": ("verify", "--only", "no-key-is-refused", "--sarif"),
    "--update-baseline": (
        "verify",
        "--only",
        "no-key-is-refused",
        "--update-baseline",
        "--baseline",
    ),
    "drift --sarif": ("drift", str(MODEL), str(MODEL), "--sarif"),
    "world save": ("world", "save", "default", "--db", "mock.db", "--output"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_cannot_be_written_is_told_likewise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if name == "world save":
        Server(tmp_path, "--db", "mock.db").stop()
    for strange in WRITTEN_TO:
        (tmp_path / strange).mkdir()
        place = make(tmp_path / strange / "strange", strange)
        refused(run(*WRITTEN[name], place), place)
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    refused(run(*WRITTEN[name], full), full)


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
