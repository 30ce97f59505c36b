"""The functions of the module `time`, as they are in virtual time."""

import os
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import BuiltinFunctionType
from typing import Any

from mock_mindvideo.fences.builtin_functions import Elsewhere, Undo, lead, twin
from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.callers import reads_really, sleeps_really
from mock_mindvideo.virtual.timeline import Timeline

#: Clocks that count from some moment, by the unit in which they do.
COUNTING = {
    "monotonic": 1e9,
    "perf_counter": 1e9,
    "monotonic_ns": 1,
    "perf_counter_ns": 1,
}

_COUNTING_IDS = frozenset(
    getattr(time, name)
    for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME", "CLOCK_UPTIME_RAW")
    if hasattr(time, name)
)


def _ahead() -> int:
    """Seconds by which atomic clocks are ahead, as the system has it; else as since 2017."""
    if not hasattr(time, "CLOCK_TAI"):
        return 0
    told = round(time.clock_gettime(time.CLOCK_TAI) - time.clock_gettime(time.CLOCK_REALTIME))
    return told if 0 <= told < 100 else 37  # somebody travels while this is imported


_AHEAD = _ahead()

#: The arguments of who asks for their date, where there is one.
_ATOMIC = (getattr(time, "CLOCK_TAI", None),)


class _LedClock(Elsewhere):
    """Led to from a function of the module `time`."""

    def __init__(self, timeline: Timeline, original: Callable[..., Any], unit: float) -> None:
        super().__init__("time")
        self.timeline = timeline
        self.original = original
        self.unit = unit
        self.offset = 0


class _Count(_LedClock):
    def __call__(self) -> float:
        if not self.timeline.virtual() or reads_really(sys._getframe(1)):
            return self.original()  # type: ignore[no-any-return]
        count = self.timeline.monotonic_ns() + self.offset
        return count if self.unit == 1 else count / self.unit


class _CountById(_LedClock):
    def __call__(self, *arguments: Any) -> float:
        if arguments == _ATOMIC and self.timeline.virtual():
            return self._atomic()
        if (
            arguments[0:1] not in {(each,) for each in _COUNTING_IDS}
            or not self.timeline.virtual()
            or reads_really(sys._getframe(1))
        ):
            return self.original(*arguments)  # type: ignore[no-any-return]
        count = self.timeline.monotonic_ns()
        return count if self.unit == 1 else count / self.unit

    def _atomic(self) -> float:
        """The date as `time.time` has it, on atomic clocks."""
        if self.unit == 1:
            return time.time_ns() + _AHEAD * 1_000_000_000
        return time.time() + _AHEAD


class _Ctime(_LedClock):
    """Now in words; the function in C reads a clock that nobody leads."""

    def __call__(self, *arguments: Any) -> Any:
        return self.original(*arguments or (time.time(),))


class _Asctime(_LedClock):
    """The same of a time that is taken apart."""

    def __call__(self, *arguments: Any) -> Any:
        return self.original(*arguments or (time.localtime(),))


class _Times(_LedClock):
    """`os.times`, of which the last is a clock; the system's own shows whole hundredths only."""

    def __init__(self, timeline: Timeline, original: Callable[..., Any], unit: float) -> None:
        super().__init__(timeline, original, unit)
        self._ahead: float = original().elapsed - real.monotonic()

    def __call__(self) -> os.times_result:
        times: os.times_result = self.original()
        if not self.timeline.virtual() or reads_really(sys._getframe(1)):
            return times
        elapsed = self.timeline.monotonic_ns() / self.unit + self._ahead
        return os.times_result((*times[:4], elapsed))


class _Sleep(_LedClock):
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if named or len(arguments) != 1 or not _is_span(arguments[0]):
            return self.original(*arguments, **named)
        if not self.timeline.virtual() or sleeps_really(sys._getframe(1)):
            return self.original(*arguments)
        seconds = float(arguments[0])  # tenacity's is a number of a class of its own
        self.timeline.naps.append(seconds)
        self.timeline.sleep(seconds, "time.sleep")
        return None


class _Select(_LedClock):
    """`select.select` of nothing is a sleep."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if (
            named
            or len(arguments) != 4
            or any(arguments[:3])
            or not _is_span(arguments[3])
            or not self.timeline.virtual()
            or sleeps_really(sys._getframe(1))
        ):
            return self.original(*arguments, **named)
        self.timeline.naps.append(float(arguments[3]))
        self.timeline.sleep(float(arguments[3]), "select.select")
        return [], [], []


def _is_span(seconds: object) -> bool:
    try:
        return 0 < float(seconds) <= threading.TIMEOUT_MAX  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def lead_clocks(timeline: Timeline) -> Iterator[Undo]:
    """Lead the functions to virtual time, one after the other; raises Gone."""
    for name, unit in COUNTING.items():
        count = _Count(timeline, getattr(real.time, name), unit)
        count.offset = _offset(name)
        yield lead(_function(name), count)
    yield lead(_function("sleep"), _Sleep(timeline, real.time.sleep, 1))
    for name, unit in {"clock_gettime": 1e9, "clock_gettime_ns": 1}.items():
        if hasattr(time, name):
            yield lead(_function(name), _CountById(timeline, getattr(real.time, name), unit))
    yield lead(time.ctime, _Ctime(timeline, real.time.ctime, 1))
    yield lead(time.asctime, _Asctime(timeline, real.time.asctime, 1))
    yield lead(os.times, _Times(timeline, twin(os.times), 1e9))
    yield lead(select.select, _Select(timeline, real.select, 1))


def _offset(name: str) -> int:
    """Nanoseconds between a clock and `time.monotonic`, where it does not count from one moment."""
    clock = getattr(real.time, name.removesuffix("_ns") + "_ns")
    offset = clock() - real.time.monotonic_ns()
    return offset if abs(offset) > 1_000_000 else 0


def _function(name: str) -> Any:
    """A function of the module `time`, also where another library has put its own in its place."""
    found = getattr(time, name)
    if type(found) is not BuiltinFunctionType and "freezegun.api" in sys.modules:
        found = getattr(sys.modules["freezegun.api"], f"real_{name}", found)
    return found
