"""Files whose names were given by somebody: read, or written, without ever waiting for ever.

A pipe that nobody writes to never opens, a device never ends, and a file may be larger than memory.
Each is refused with an OSError that says so, as one that is not there is.
"""

import os
import stat
from pathlib import Path

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


def open_to_write(file: Path, *, truncate: bool = False, mode: int = 0o666) -> int:
    """A descriptor of the file, made if there is none; raises OSError, also where nobody reads."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    handle = os.open(file, flags | (os.O_TRUNC if truncate else os.O_APPEND), mode)
    os.set_blocking(handle, True)
    return handle


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
