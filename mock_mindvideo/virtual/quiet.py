"""Whether a thread is blocked, for those whose waits are not known: locks, sockets, other code.

Linux tells it exactly: a thread that sleeps, and has not been run by the kernel between two looks,
waits for something other than the interpreter's lock. Elsewhere its place in the code is compared
over a longer while.
"""

import os
import platform
import sys
from collections.abc import Callable
from threading import Thread
from typing import NamedTuple

from mock_mindvideo.virtual import real

#: Real seconds between two looks at which a thread must not have moved. A thread that wants the
#: interpreter's lock asks for it anew at each switch interval, which the kernel counts; so that one
#: which is ready to run is not taken for blocked, the looks are two of them apart.
APART = 2 * sys.getswitchinterval()
APART_ELSEWHERE = 0.03

#: The number of the system call in which a thread waits for a lock.
_FUTEX = {"x86_64": b"202", "aarch64": b"98"}.get(platform.machine())

_ON_LINUX = sys.platform == "linux"


class Sighting(NamedTuple):
    """Where a thread was, and the real moment at which it was first seen there."""

    place: object
    since: float


class Quiet:
    """Remembers where threads were seen."""

    def __init__(self) -> None:
        self._seen: dict[int, Sighting] = {}
        self._place: Callable[[Thread], object | None] = _counts if _ON_LINUX else _frame
        self._apart = APART if _ON_LINUX else APART_ELSEWHERE

    def seconds(self, thread: Thread) -> float | None:
        """For how many real seconds it has been blocked at one place; None if it may be running."""
        key, now = thread.ident or 0, real.monotonic()
        place = self._place(thread)
        if place is None:
            self._seen.pop(key, None)
            return None
        seen = self._seen.get(key)
        if seen is None or seen.place != place:
            self._seen[key] = Sighting(place, now)
            return None
        return now - seen.since if now - seen.since >= self._apart else None


def waits_for_a_lock(thread: Thread) -> bool:
    """Whether a blocked thread waits for another thread, and not for the world outside."""
    if _ON_LINUX and _FUTEX is not None:
        try:
            call = _read(f"/proc/self/task/{thread.native_id}/syscall")
            return call.split(b" ", 1)[0] == _FUTEX
        except OSError:  # not to be had in this container
            pass
    frame = sys._current_frames().get(thread.ident or 0)
    names = {"socket", "ssl", "select", "selectors", "subprocess"}
    return frame is None or frame.f_globals.get("__name__") not in names


def _counts(thread: Thread) -> object | None:
    """How often the kernel has run a thread, or None while it runs or has just ended."""
    try:
        text = _read(f"/proc/self/task/{thread.native_id}/status")
    except OSError:
        return None
    state = text.partition(b"State:\t")[2][:1]
    return text.partition(b"voluntary_ctxt_switches:")[2] if state == b"S" else None


def _read(path: str) -> bytes:
    """A file of the kernel's, whole."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.read(handle, 4096)
    finally:
        os.close(handle)


def _frame(thread: Thread) -> object | None:
    frame = sys._current_frames().get(thread.ident or 0)
    return None if frame is None else (id(frame), frame.f_lasti)
