"""Strange things where a file or folder is expected, and every place where a command has one."""

import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from mock_mindvideo.cli import main

#: Seconds until a command has ended. One that waits for a pipe waits for ever.
SOON = 60

#: What no message may show: it stands in a file that a link leads to, or that may not be read.
SECRET = "the content of another file"

#: Bytes after which the disk is full: fewer than any report has.
FULL = 20

MODEL = str(Path(__file__).parents[2] / "schemas" / "models" / "wan2-7-r2v")

#: Stands for the strange place in a command; without it the place comes last.
PLACE = "PLACE"

Words = Sequence[str]


def _file(place: Path) -> Path:
    place.write_text(SECRET)
    return place


def _hidden(place: Path) -> Path:
    _file(place).chmod(0)
    return place


def _in_closed_folder(place: Path) -> Path:
    place.mkdir()
    inside = _file(place / "file")
    place.chmod(0)
    return inside


def _in_kept_folder(place: Path) -> Path:
    place.mkdir(mode=0o500)
    return place / "file"


def _linked(target: str) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        place.symlink_to(target)
        return place

    return make


def _another_file(place: Path) -> Path:
    _file(place.parent / "secret")
    return _linked("secret")(place)


def _pipe(place: Path) -> Path:
    os.mkfifo(place)
    return place


def _socket(place: Path) -> Path:
    os.mknod(place, stat.S_IFSOCK | 0o600)
    return place


def _folder(place: Path) -> Path:
    place.mkdir()
    return place


def _huge(place: Path) -> Path:
    with place.open("wb") as made:
        made.truncate(1 << 40)
    return place


_MAKERS: dict[str, Callable[[Path], Path]] = {
    "a pipe": _pipe,
    "an endless device": _linked("/dev/zero"),
    "another file": _another_file,
    "a circle of links": lambda place: _linked(place.name)(place),
    "a folder": _folder,
    "a socket": _socket,
    "a file larger than memory": _huge,
    "a folder that is a file": lambda place: _file(place) / "file",
    "a file that may not be read": _hidden,
    "a file in a folder that may not be entered": _in_closed_folder,
    "a name that is too long": lambda place: place.with_name("n" * 300),
    "a file in a folder that may not be changed": _in_kept_folder,
    "a full disk": _linked("/dev/full"),
}

#: It may be read, and not written.
_KEPT = "a file in a folder that may not be changed"

#: What cannot be read.
UNREADABLE = [each for each in _MAKERS if each not in (_KEPT, "a full disk")]

#: What every place is tried with; the others go through the same functions.
READ_WITH = [
    "a pipe", "an endless device", "another file", "a file that may not be read",
    "a file in a folder that may not be entered", "a name that is too long",
]  # fmt: skip

#: What cannot be written as a file. A full one is made by hand: it need not be a device.
WRITTEN_WITH = [
    "a pipe", "a circle of links", "a folder", "a socket", "a folder that is a file",
    "a file in a folder that may not be entered", "a file in a folder that may not be changed",
    "a name that is too long", "a full disk",
]  # fmt: skip

#: What stands in place of the file itself.
IN_ITS_PLACE = ["a pipe", "a circle of links", "a folder", "a socket", "a full disk"]

#: What cannot be made a folder with files.
FILLED_WITH = [
    "a pipe", "an endless device", "another file", "a circle of links", "a socket",
    "a folder that is a file",
    "a file in a folder that may not be entered", "a file in a folder that may not be changed",
    "a name that is too long",
]  # fmt: skip


def make(place: Path, name: str) -> Path:
    """Put something strange in a place; where to look for it."""
    place.parent.mkdir(exist_ok=True)
    return _MAKERS[name](place)


SERVE = ("serve", "--port", "0")
ONE = ("verify", "--only", "no-key-is-refused")
STORE = ("--db", "mock.db")
RECORD = ("record", "--base-url", "https://127.0.0.1:9", "--max-spend", "0", "--port", "0")

#: Files that are read, by command and parameter.
READ: dict[tuple[str, str], Words] = {
    ("serve", "--script"): (*SERVE, "--script"),
    ("serve", "--load"): (*SERVE, "--load"),
    ("validate", "files"): ("validate",),
    ("estimate", "file"): ("estimate",),
    ("check-traffic", "files"): ("check-traffic",),
    ("learn", "files"): ("learn",),
    ("record", "--cacert"): (*RECORD, "--out", "recording.har", "--cacert"),
    ("verify", "files"): ("verify", "--list"),
    ("verify", "--cacert"): (*ONE, "--base-url", "https://127.0.0.1:9", "--cacert"),
    ("verify", "--baseline"): (*ONE, "--baseline"),
    ("drift", "old"): ("drift", PLACE, MODEL),
    ("drift", "new"): ("drift", MODEL),
    ("drift", "--ignore"): ("drift", MODEL, MODEL, "--ignore"),
    ("world load", "file"): ("world", "load", *STORE),
    ("model add", "page"): ("model", "add"),
}

#: Folders that are read.
READ_FOLDERS: dict[tuple[str, str], Words] = {
    ("serve", "--schemas"): (*SERVE, "--schemas"),
    ("validate", "--schemas"): ("validate", "--schemas"),
    ("estimate", "--schemas"): ("estimate", "--schemas"),
    ("examples", "--schemas"): ("examples", "--valid", "1", "--schemas"),
    ("openapi", "--schemas"): ("openapi", "--schemas"),
    ("verify", "--schemas"): ("verify", "--list", "--schemas"),
    ("model check", "folder"): ("model", "check"),
    ("check-traffic", "--schemas"): ("check-traffic", "traffic.har", "--schemas"),
    ("learn", "--schemas"): ("learn", "traffic.har", "--schemas"),
    ("rules", "--schemas"): ("rules", "--schemas"),
}

#: Databases, which are read and written; and files named inside a value.
DATABASES: dict[tuple[str, str], Words] = {
    ("serve", "--db"): (*SERVE, "--db"),
    ("serve", "--store"): (*SERVE, "--store", f"sqlite:///{PLACE}"),
    **{(f"world {each}", "--db"): ("world", each, "--db") for each in ("list",)},
    **{
        (f"world {each}", "--db"): ("world", each, "default", "--db") for each in ("save", "remove")
    },
    ("world load", "--db"): ("world", "load", "saved.json", "--db"),
    ("world list", "--store"): ("world", "list", "--store", f"sqlite:///{PLACE}"),
    ("world save", "--store"): ("world", "save", "default", "--store", f"sqlite:///{PLACE}"),
    ("world remove", "--store"): ("world", "remove", "default", "--store", f"sqlite:///{PLACE}"),
    ("world load", "--store"): ("world", "load", "saved.json", "--store", f"sqlite:///{PLACE}"),
}
IN_VALUES: dict[tuple[str, str], Words] = {
    ("serve", f"--{name}"): (*SERVE, f"--{name}", f"csv({PLACE})")
    for name in ("queued", "processing", "latency")
}

#: Files that are written; what is there already is kept, or is a place that takes what is written.
WRITTEN: dict[tuple[str, str], Words] = {
    ("verify", "--junit"): (*ONE, "--junit"),
    ("verify", "--sarif"): (*ONE, "--sarif"),
    ("verify", "--update-baseline"): (*ONE, "--update-baseline", "--baseline"),
    ("drift", "--sarif"): ("drift", MODEL, MODEL, "--sarif"),
    ("world save", "--output"): ("world", "save", "default", *STORE, "--output"),
}

#: Folders that are made, and files written into them.
FILLED: dict[tuple[str, str], Words] = {("verify", "--export"): ("verify", "--export")}

#: A file and a folder that are made, and must not be there.
NEW: dict[tuple[str, str], Words] = {
    ("record", "--out"): (*RECORD, "--out"),
    ("learn", "--write"): ("learn", "traffic.har", "--write"),
}

#: Folders in which a folder is made, whole or not at all.
MADE: dict[tuple[str, str], Words] = {
    ("model add", "--write"): ("model", "add", "page.txt", "--write")
}

#: A folder of which one file is written anew.
CHANGED = {("drift", "--update"): ("drift", PLACE, f"{MODEL}", "--update")}

EVERY_PLACE = READ | READ_FOLDERS | DATABASES | IN_VALUES | WRITTEN | FILLED | NEW | MADE | CHANGED


def _commands(group: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for name, each in group.commands.items():
            yield from _commands(each, *path, name)
    else:
        yield " ".join(path), group


#: Every command by the words that call it.
COMMANDS = dict(_commands(main))


def filled_in(words: Words, place: Path) -> list[str]:
    """The command with the place in it."""
    if not any(PLACE in word for word in words):
        return [*words, str(place)]
    return [word.replace(PLACE, str(place)) for word in words]


def run(
    words: Sequence[str | Path], folder: Path, *, full: int | None = None, module: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Run the command in `folder`, where permissions hold; no file grows beyond `full` bytes.

    Without `module` the words are for Python itself.

    Root may read and write whatever it likes, unless it gives these two capabilities up.
    """
    limit = (
        None if full is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))
    )
    called = ("-m", "mock_mindvideo") if module else ()
    return subprocess.run(
        [*_as_others(), sys.executable, *called, *map(str, words)],
        cwd=folder, capture_output=True, text=True, errors="replace", timeout=SOON, check=False,
        stdin=subprocess.DEVNULL, preexec_fn=limit,
    )  # fmt: skip


def _as_others() -> list[str]:
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    assert setpriv, "setpriv is part of util-linux"
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search"]


def refused(done: "subprocess.CompletedProcess[str]", place: Path) -> None:
    """A command has ended by itself, with a line that names the place, and without a traceback."""
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2), (done.returncode, said)
    assert str(place) in said.replace("\n", ""), said
    assert "Traceback" not in said
    assert SECRET not in said
