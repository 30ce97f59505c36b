"""Files whose names were given by somebody: read, or written, without ever waiting for ever.

A pipe that nobody writes to never opens, a device never ends, and a file may be larger than memory.
Each is refused with an OSError that says so, as one that is not there is. What a file held is lost
only when all that takes its place is written, wherever the folder allows that.
"""

import io
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

#: Bytes of the largest file that is read as a whole.
MOST = 1 << 30

#: What is at the other end of /dev/null, which is an empty file.
_NULL = os.makedev(1, 3)


def read_file(file: Path, most: int = MOST) -> bytes:
    """What is in the file, or comes through a pipe that somebody writes to; raises OSError."""
    found = beginning(file, most + 1)
    if len(found) > most:
        raise OSError(0, f"has over {most} bytes", str(file))
    return found


def beginning(file: Path, most: int) -> bytes:
    """The first `most` bytes of it; raises OSError."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(handle, "rb") as opened:
        found = os.fstat(handle)
        _check(found, file)
        begun = _begun(handle, file) if stat.S_ISFIFO(found.st_mode) else b""
        os.set_blocking(handle, True)
        return begun + opened.read(most - len(begun))


def read_stdin(most: int = MOST) -> bytes:
    """What comes through standard input, a person at a terminal included; raises OSError."""
    if sys.stdin is None:
        raise OSError(0, "is closed")
    with suppress(io.UnsupportedOperation):  # no file, under a test runner
        handle = sys.stdin.fileno()
        if not os.isatty(handle):
            _check(os.fstat(handle), Path("-"))
    found = sys.stdin.buffer.read(most + 1)
    if len(found) > most:
        raise OSError(0, f"has over {most} bytes")
    return found


def open_to_write(file: Path, *, truncate: bool = False, mode: int = 0o666) -> int:
    """A descriptor of the file, made if there is none; raises OSError, also where nobody reads."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    handle = os.open(file, flags | (os.O_TRUNC if truncate else os.O_APPEND), mode)
    os.set_blocking(handle, True)
    return handle


def write_file(file: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Open the file and `put` the content; raises OSError. `mode` is for one that is made."""
    is_new = not os.path.lexists(file)
    try:
        with os.fdopen(open_to_write(file, mode=mode), "ab") as opened:
            put(opened, file, content)
    except OSError:
        if is_new:
            with suppress(OSError):
                file.unlink()
        raise


def put(opened: BinaryIO, file: Path, content: bytes) -> None:
    """Put `content` in place of what the file held; raises OSError, and it holds what it held then.

    A pipe or a device takes it as it comes, and so do a link, a file with a second name, and one
    whose folder takes no other file.
    """
    found = os.fstat(opened.fileno())
    if _replaced(file, content, found):
        return
    if stat.S_ISREG(found.st_mode):
        opened.truncate(0)
    opened.write(content)
    opened.flush()


def _replaced(file: Path, content: bytes, found: os.stat_result) -> bool:
    """Write another file and give it the name, rights and owner of this one, if that can be."""
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or file.is_symlink():
        return False
    try:
        handle, name = mkstemp(prefix=".", suffix=".new", dir=file.parent)
    except PermissionError:
        return False
    try:
        with os.fdopen(handle, "wb") as fresh:
            os.fchmod(handle, stat.S_IMODE(found.st_mode))
            with suppress(PermissionError):
                os.fchown(handle, found.st_uid, found.st_gid)
            fresh.write(content)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return True


def _check(found: os.stat_result, file: Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(0, "is a directory", str(file))
    if stat.S_ISBLK(found.st_mode) or (stat.S_ISCHR(found.st_mode) and found.st_rdev != _NULL):
        raise OSError(0, "is a device, and might never end", str(file))


def _begun(handle: int, file: Path) -> bytes:
    """The first bytes of a pipe; none where its writer has not written yet."""
    try:
        begun = os.read(handle, 65536)
    except BlockingIOError:  # somebody is at the other end, and will write
        return b""
    if not begun:
        raise OSError(0, "is a pipe that nobody writes to", str(file))
    return begun
