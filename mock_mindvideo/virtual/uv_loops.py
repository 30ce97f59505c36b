"""Event loops of uvloop in virtual time.

They wait in C, where nothing sees it. So their timers are kept here, a loop that is blocked is
thought to wait for the first of them, and a thread beside looks whether all wait.
"""

import asyncio
import heapq
import itertools
import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import Context
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from mock_mindvideo.fences.builtin_functions import Undo
from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.loops import asks_in_real_time, note_sleep, waits_for_a_peer
from mock_mindvideo.virtual.threads import put
from mock_mindvideo.virtual.timeline import Timeline

#: Real seconds between two looks whether all wait.
EVERY = 0.001

#: A moment of the timeline, a number that orders those of one moment, and what rings then.
_Timer = tuple[int, int, asyncio.TimerHandle, Callable[[], None], Context | None]


class UvTimer(asyncio.TimerHandle):
    """A timer that is not its loop's, which need not know that it is cancelled."""

    def cancel(self) -> None:
        """Let it not ring."""
        asyncio.Handle.cancel(self)


class UvLoops:
    """The timers of uvloop's loops on one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._timers: WeakKeyDictionary[Any, list[_Timer]] = WeakKeyDictionary()
        self._loops: WeakKeyDictionary[threading.Thread, Any] = WeakKeyDictionary()
        self._numbers = itertools.count()
        self._watching = False

    def lead(self, library: ModuleType) -> Iterator[Undo]:
        """Lead the loops' clock and timers here, one name after the other."""
        loop = library.Loop
        later = loop.call_later
        yield put(loop, "time", self._time(loop.time))
        yield put(loop, "call_at", self._call_at(loop.call_at, later))
        yield put(loop, "call_later", self._call_later(later))

    def due(self) -> int | None:
        """The first moment at which a timer rings."""
        first = [timers[0][0] for timers in map(self._live, list(self._timers)) if timers]
        return min(first, default=None)

    def ring(self, now: int) -> bool:
        """Ring the timers that are due, each in its loop; whether there were any."""
        any_rung = False
        for loop in list(self._timers):
            timers = self._live(loop)
            while timers and timers[0][0] <= now:
                *_, run, context = heapq.heappop(timers)
                loop.call_soon_threadsafe(run, context=context)
                any_rung = True
        return any_rung

    def deliver(self) -> None:
        """Do nothing: a loop wakes as soon as its timer rings."""

    def idle(self, thread: threading.Thread) -> bool:
        """Whether a thread that is blocked is so because its loop has nothing to do."""
        loop = self._loops.get(thread)
        return loop is not None and loop.is_running() and not waits_for_a_peer(loop)

    def _live(self, loop: Any) -> list[_Timer]:
        timers = self._timers.get(loop, [])
        while timers and (timers[0][2].cancelled() or loop.is_closed()):
            heapq.heappop(timers)
        return timers

    def _time(self, original: Callable[[Any], float]) -> Callable[[Any], float]:
        def time(loop: Any) -> float:
            if not self._timeline.virtual():
                return original(loop)
            return float(self._timeline.monotonic_ns() / 1e9)

        return time

    def _call_later(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call_later(loop: Any, delay: float, callback: Any, *args: Any, **named: Any) -> Any:
            if not self._timeline.virtual() or asks_in_real_time(sys._getframe(1)):
                return original(loop, delay, callback, *args, **named)
            note_sleep(self._timeline, sys._getframe(1))
            return self._add(loop, loop.time() + delay, callback, args, named.get("context"))

        return call_later

    def _call_at(self, original: Callable[..., Any], later: Callable[..., Any]) -> Any:
        def call_at(loop: Any, when: float, callback: Any, *args: Any, **named: Any) -> Any:
            if not self._timeline.virtual():
                return original(loop, when, callback, *args, **named)
            if asks_in_real_time(sys._getframe(1)):
                return later(loop, max(0.0, when - loop.time()), callback, *args, **named)
            return self._add(loop, when, callback, args, named.get("context"))

        return call_at

    def _add(
        self, loop: Any, when: float, callback: Any, args: tuple[Any, ...], context: Context | None
    ) -> asyncio.TimerHandle:
        handle = UvTimer(when, callback, args, loop, context)

        def run() -> None:
            if not handle.cancelled():
                callback(*args)

        moment = math.ceil((when * 1e9 - self._timeline.began) / 1000)
        timer = (moment, next(self._numbers), handle, run, context)
        heapq.heappush(self._timers.setdefault(loop, []), timer)
        self._loops[threading.current_thread()] = loop
        self._watch()
        return handle

    def _watch(self) -> None:
        if self._watching:
            return
        self._watching = True
        thread = threading.Thread(target=self._look, name="mock-mindvideo-watch", daemon=True)
        self._timeline.party.watch(thread)
        thread.start()

    def _look(self) -> None:
        while not self._timeline.over:
            real.time.sleep(EVERY)
            self._timeline.look()


def lead_uvloop(timeline: Timeline, library: ModuleType) -> Iterator[Undo]:
    """Lead the loops of uvloop to virtual time."""
    loops = UvLoops(timeline)
    timeline.sources.append(loops)
    yield from loops.lead(library)
