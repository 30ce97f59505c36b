"""Threads in virtual time: conditions, locks with a limit, queues, joins, and who takes part."""

import math
import queue
import threading
from _thread import LockType
from collections.abc import Callable, Iterator
from typing import Any

from mock_mindvideo.fences.builtin_functions import Undo, replace_method
from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.callers import waits_really
from mock_mindvideo.virtual.timeline import SECOND, Timeline
from mock_mindvideo.virtual.waiter import Waiter

_RLOCK: Any = type(threading.RLock())

_Method = Callable[..., Any]


class WaitLock:
    """The lock on which `threading.Condition` lets one thread wait, and so do all that use it:
    events, semaphores, barriers, timers, queues and futures."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._guard = real.allocate_lock()
        self._held = False
        self._waiter: Waiter | None = None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As of a lock; who may not wait gets it or not."""
        if timeout > threading.TIMEOUT_MAX:
            raise OverflowError("timeout value is too large")
        with self._guard:
            if not self._held:
                self._held = True
                return True
            if not blocking:
                return False
            self._waiter = waiter = Waiter(None, "a condition")
        return self._timeline.wait(None if timeout < 0 else timeout, waiter)

    def release(self) -> None:
        """Hand it to the one that waits."""
        with self._guard:
            if self._waiter is None:
                self._held = False
            else:
                self._waiter.hear()


def lead_threads(timeline: Timeline) -> Iterator[Undo]:
    """Lead waits of threads to virtual time, one after the other; raises Gone."""

    def wait_lock() -> Any:
        if timeline.virtual() and not waits_really(1):
            return WaitLock(timeline)
        return real.allocate_lock()

    yield put(threading, "_allocate_lock", wait_lock)
    yield put(threading.Thread, "start", _start(timeline))
    yield put(threading.Thread, "join", _join(timeline))
    for kind, held in ((LockType, _is_locked), (_RLOCK, _is_held)):
        for name in ("acquire", "acquire_lock"):
            if name in kind.__dict__:
                yield replace_method(kind, name, _acquire(timeline, kind.__dict__[name], held))
    if queue.SimpleQueue.__module__ == "_queue":
        yield replace_method(
            queue.SimpleQueue, "get", _get(timeline, queue.SimpleQueue.__dict__["get"])
        )


def put(owner: Any, name: str, value: Any) -> Undo:
    """Set an attribute, until it is undone."""
    original = vars(owner).get(name)
    setattr(owner, name, value)

    def undo() -> None:
        if getattr(owner, name) is not value:  # somebody has replaced it since, and passes on
            return
        if original is None:  # it was inherited
            delattr(owner, name)
        else:
            setattr(owner, name, original)

    return undo


def _start(timeline: Timeline) -> _Method:
    original = threading.Thread.start

    def start(self: threading.Thread) -> None:
        if timeline.over:
            original(self)
        else:
            takes_part = timeline.virtual() and not waits_really(1)
            timeline.party.start(self, lambda: original(self), takes_part=takes_part)

    return start


def _join(timeline: Timeline) -> _Method:
    original = threading.Thread.join

    def join(self: threading.Thread, timeout: float | None = None) -> None:
        if self is threading.current_thread() or _begins_really(timeline) or not self.is_alive():
            return original(self, timeout)

        def block(seconds: float) -> bool:
            original(self, seconds)
            return not self.is_alive()

        waiter = Waiter(None, f"join of {self.name}", ready=lambda: not self.is_alive())
        waiter.block = block
        if timeline.wait(timeout if timeout is None else max(0.0, timeout), waiter):
            original(self)
        return None

    return join


def _begins_really(timeline: Timeline) -> bool:
    return not timeline.virtual() or waits_really(2)


def _acquire(timeline: Timeline, original: _Method, held: Callable[[Any], bool]) -> _Method:
    def acquire(self: Any, blocking: bool = True, timeout: float = -1) -> bool:
        if not 0 < timeout <= threading.TIMEOUT_MAX or not blocking or _begins_really(timeline):
            return bool(original(self, blocking, timeout))
        return _take(
            timeline,
            timeout,
            lambda seconds: bool(original(self, seconds > 0, seconds or -1)),
            Waiter(None, "acquire of a lock", ready=lambda: not held(self)),
        )

    return acquire


def _get(timeline: Timeline, original: _Method) -> _Method:
    def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
        span = 0 if timeout is None else timeout
        if not block or not 0 <= span <= threading.TIMEOUT_MAX or _begins_really(timeline):
            return original(self, block, timeout)
        found: list[Any] = []

        def take(seconds: float) -> bool:
            try:
                found.append(original(self, seconds > 0, seconds))
            except queue.Empty:
                return False
            return True

        waiter = Waiter(None, "get of a queue", ready=lambda: self.qsize() > 0)
        if not _take(timeline, timeout, take, waiter):
            raise queue.Empty
        return found[0]

    return get


def _take(
    timeline: Timeline, timeout: float | None, take: Callable[[float], bool], waiter: Waiter
) -> bool:
    """Take what `take` takes within so many real seconds, as soon as it is there; whether it was.

    Others may be faster than the waiter that has heard of it, which waits on then. While it waits
    nothing is taken: in a call in C, something would be, before anybody could know of it, and the
    time of a thread that has what it waited for would move. Only when virtual time is over it may.
    """
    taken = take(0)
    until = math.inf if timeout is None else timeline.elapsed() / SECOND + timeout

    def block(seconds: float) -> bool:
        nonlocal taken
        if timeline.over:
            taken = take(seconds)
        else:
            waiter.doze(seconds)
        return taken

    waiter.block = block
    while not taken and timeline.wait(until - timeline.elapsed() / SECOND, waiter):
        taken = taken or take(0)
        waiter.heard = False
    return taken or take(0)


def _is_locked(lock: Any) -> bool:
    return bool(lock.locked())


def _is_held(lock: Any) -> bool:
    """Of an RLock, which tells it only in its representation."""
    return not repr(lock).startswith("<unlocked")
