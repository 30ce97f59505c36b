"""`signal.setitimer` and `signal.alarm` in virtual time: deadlines that a signal's handler ends.

The signal is a real one, sent when the world has come to its moment. Timers of test runners stay
real, and those that count the processor's time.
"""

import math
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from mock_mindvideo.fences.builtin_functions import Elsewhere, Undo, lead, twin
from mock_mindvideo.virtual.callers import sleeps_really
from mock_mindvideo.virtual.timeline import SECOND, Timeline


class Alarms:
    """The one timer that a process has, as a source of time. Moments are the timeline's."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._due: int | None = None
        self._every = 0
        self._rung = False

    def set(self, seconds: float, every: float = 0.0) -> tuple[float, float]:
        """Ring after so many seconds, 0 for never, and then again; what was set before."""
        before = self.left()
        self._every = round(every * SECOND)
        self._due = self._timeline.elapsed() + math.ceil(seconds * SECOND) if seconds else None
        return before

    def left(self) -> tuple[float, float]:
        """Seconds until it rings, 0 for never, and between two times."""
        if self._due is None:
            return 0.0, 0.0
        left = (self._due - self._timeline.elapsed()) / SECOND
        return max(1e-6, left), self._every / SECOND

    def due(self) -> int | None:
        return self._due

    def ring(self, now: int) -> bool:
        if self._due is None or self._due > now:
            return False
        self._due = now + self._every if self._every else None
        self._rung = True
        return True

    def idle(self, thread: threading.Thread) -> bool:
        return False

    def deliver(self) -> None:
        """Send the signal; its handler runs in the main thread, whatever that waits for."""
        if self._rung:
            self._rung = False
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)


class _Led(Elsewhere):
    """Led to from a function of the module `signal`."""

    def __init__(self, timeline: Timeline, alarms: Alarms, original: Any) -> None:
        super().__init__("signal")
        self.timeline = timeline
        self.alarms = alarms
        self.original = original

    def is_virtual(self) -> bool:
        """Whether this is for who called what calls this."""
        return self.timeline.virtual() and not sleeps_really(sys._getframe(2))


class _SetTimer(_Led):
    def __call__(self, *given: Any) -> Any:
        timer = given[:1] == (signal.ITIMER_REAL,) and all(map(_is_span, given[1:]))
        if not timer or not 2 <= len(given) <= 3 or not self.is_virtual():
            return self.original(*given)
        return self.alarms.set(*given[1:])


class _GetTimer(_Led):
    def __call__(self, *given: Any) -> Any:
        if given != (signal.ITIMER_REAL,) or not self.is_virtual():
            return self.original(*given)
        return self.alarms.left()


class _Alarm(_Led):
    def __call__(self, *given: Any) -> Any:
        if len(given) != 1 or not isinstance(given[0], int) or not self.is_virtual():
            return self.original(*given)
        return math.ceil(self.alarms.set(max(0, given[0]))[0])


class _Pause(_Led):
    """A pause that the timer ends; for other signals it is real."""

    def __call__(self) -> None:
        left, _ = self.alarms.left()
        if not left or not self.is_virtual():
            self.original()
            return
        self.timeline.sleep(left, "signal.pause")


_LED = {"setitimer": _SetTimer, "getitimer": _GetTimer, "alarm": _Alarm, "pause": _Pause}


def lead_alarms(timeline: Timeline) -> Iterator[Undo]:
    """Lead the functions to virtual time; raises Gone. Systems without such timers have none."""
    if not hasattr(signal, "setitimer") or not hasattr(signal, "pthread_kill"):
        return
    timeline.sources.append(alarms := Alarms(timeline))
    for name, led in _LED.items():
        function = getattr(signal, name)
        yield lead(function, led(timeline, alarms, twin(function)))


def _is_span(seconds: object) -> bool:
    return isinstance(seconds, int | float) and 0 <= seconds < math.inf
