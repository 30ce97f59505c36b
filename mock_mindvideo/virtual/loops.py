"""Event loops of asyncio in virtual time: their clock, their waits, and the timers for peers."""

import asyncio
import selectors
import sys
from asyncio import base_events
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context
from types import FrameType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from mock_mindvideo.fences.builtin_functions import Undo
from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.callers import PEERS, beyond_plumbing, module_of, package_of
from mock_mindvideo.virtual.peers import asks_a_peer
from mock_mindvideo.virtual.story import place
from mock_mindvideo.virtual.threads import put
from mock_mindvideo.virtual.timeline import Timeline
from mock_mindvideo.virtual.waiter import Waiter

#: Servers, whose timers are about their peers too; nobody waits for these.
_SERVERS = frozenset(("hypercorn", "uvicorn"))

_KINDS = ("EpollSelector", "KqueueSelector", "DevpollSelector", "PollSelector", "SelectSelector")


class PeerTimer(NamedTuple):
    """A timer in real seconds."""

    at: float
    handle: asyncio.TimerHandle
    run: Callable[[], None]
    context: Context | None


class Loops:
    """What the loops of one timeline wait for in real time."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._timers: WeakKeyDictionary[Any, list[PeerTimer]] = WeakKeyDictionary()

    def lead(self) -> Iterator[Undo]:
        """Lead loops to virtual time, one name after the other."""
        loop = base_events.BaseEventLoop
        yield put(loop, "time", self._time(loop.time))
        yield put(loop, "call_at", self._call_at(loop.call_at))
        for name in _KINDS:
            if kind := getattr(selectors, name, None):
                yield put(kind, "select", self._select(kind.select))

    def settle(self) -> None:
        """At the end, let the timers of loops that live on be as far away as they were."""
        passed = self.timeline.elapsed() / 1e6
        for loop, timers in list(self._timers.items()):
            if loop.is_closed():
                continue
            for timer in getattr(loop, "_scheduled", ()):
                timer._when -= passed
            for each in timers:
                loop.call_soon_threadsafe(
                    loop.call_later, max(0.0, each.at - real.monotonic()), each.run
                )

    def _time(self, original: Callable[[Any], float]) -> Callable[[Any], float]:
        def time(loop: Any) -> float:
            if not self.timeline.virtual():
                return original(loop)
            self._timers.setdefault(loop, [])
            return float(self.timeline.monotonic_ns() / 1e9)

        return time

    def _call_at(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call_at(
            loop: Any, when: float, callback: Any, *args: Any, context: Context | None = None
        ) -> asyncio.TimerHandle:
            note_sleep(self.timeline, sys._getframe(1))
            if not self.timeline.virtual() or not asks_in_real_time(sys._getframe(1)):
                handle: asyncio.TimerHandle = original(loop, when, callback, *args, context=context)
                return handle
            handle = asyncio.TimerHandle(when, callback, args, loop, context)

            def run() -> None:
                if not handle.cancelled():
                    self.timeline.reach(when)  # who has waited looks whether it was so long
                    callback(*args)

            at = real.monotonic() + max(0.0, when - loop.time())
            self._timers.setdefault(loop, []).append(PeerTimer(at, handle, run, context))
            return handle

        return call_at

    def _select(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def select(selector: Any, timeout: float | None = None) -> Any:
            if (timeout is not None and timeout <= 0) or not self.timeline.virtual():
                return original(selector, timeout)
            if module_of(sys._getframe(1)) != "asyncio.base_events":
                return original(selector, timeout)
            found = original(selector, 0)
            return found or self._wait(selector, timeout, original)

        return select

    def _wait(self, selector: Any, timeout: float | None, original: Callable[..., Any]) -> Any:
        loop = asyncio.get_running_loop()
        found: list[Any] = []

        def block(seconds: float) -> bool:
            found[:] = original(selector, min(seconds, self._until_timer(loop)))
            return bool(found) or self._run_timers(loop)

        waiter = Waiter(None, "an event loop", ready=lambda: _finds(selector, original))
        waiter.block = block
        waiter.outside = len(selector.get_map()) > 1  # the first is the loop's own, to be woken by
        waiter.busy = lambda: waiter.outside and waits_for_a_peer(loop)
        waiter.tasks = lambda: tasks_of(loop)
        self.timeline.wait(timeout, waiter)
        return found or original(selector, 0)

    def _of(self, loop: Any) -> list[PeerTimer]:
        timers = self._timers.get(loop, [])
        timers[:] = [each for each in timers if not each.handle.cancelled()]
        return timers

    def _until_timer(self, loop: Any) -> float:
        first = min((each.at for each in self._of(loop)), default=float("inf"))
        return max(0.0, first - float(real.monotonic()))

    def _run_timers(self, loop: Any) -> bool:
        """Run the timers for peers that are due, in the loop's turn; whether there were any."""
        now, timers = real.monotonic(), self._of(loop)
        due = [each for each in timers if each.at <= now]
        timers[:] = [each for each in timers if each.at > now]
        for each in due:
            loop.call_soon(each.run, context=each.context)
        return bool(due)


def asks_in_real_time(frame: FrameType) -> bool:
    """Whether a timer that is asked for there is about a peer."""
    asker = beyond_plumbing(frame)
    return asker is not None and package_of(asker) in PEERS | _SERVERS


def note_sleep(timeline: Timeline, frame: FrameType | None) -> None:
    """Take down a sleep of asyncio's, which asks for a timer there."""
    while frame is not None and module_of(frame) == "asyncio.base_events":
        frame = frame.f_back
    if frame is None or (module_of(frame), frame.f_code.co_name) != ("asyncio.tasks", "sleep"):
        return
    if timeline.virtual():
        timeline.naps.append(float(frame.f_locals["delay"]))


def tasks_of(loop: Any) -> Sequence[str]:
    """A line for each task that waits in a loop."""
    lines = []
    for task in asyncio.all_tasks(loop):
        own = [each for each in _frames(task) if package_of(each) not in {"asyncio", "anyio"}]
        lines.append(task.get_name() + (f" at {place(own[-1])}" if own else ""))
    return sorted(lines)


def waits_for_a_peer(loop: Any) -> bool:
    """Whether a task waits for the answer of a peer, and not of the mock in this process."""
    for task in asyncio.all_tasks(loop):
        frames = list(_frames(task))
        if any(map(asks_a_peer, frames)) and package_of(frames[-1]) != "mock_mindvideo":
            return True
    return False


def _frames(task: Any) -> Iterator[FrameType]:
    """The frames in which a task waits, the innermost last."""
    awaited = task.get_coro()
    while awaited is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(awaited, f"{kind}_frame")), "")
        frame = getattr(awaited, f"{kind}_frame", None)
        if frame is None:
            return
        yield frame
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi" else f"{kind}_await", None)


def readable(what: Any, seconds: float = 0) -> bool:
    """Whether something is there to be read within so many real seconds, without taking it."""
    if not hasattr(real.selecting, "poll"):
        return bool(real.select([what.fileno()], [], [], seconds)[0])
    polling = real.selecting.poll()
    polling.register(what.fileno(), real.selecting.POLLIN)
    return bool(polling.poll(seconds * 1000))


def _finds(selector: Any, original: Callable[..., Any]) -> bool:
    """Whether a loop would find something, without taking it from it."""
    if hasattr(selector, "fileno"):
        return readable(selector)
    return bool(original(selector, 0))
