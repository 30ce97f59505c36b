"""The real clock, handed to everything that needs one."""

import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

from mock_mindvideo.domain.anchor import Anchor, ClockReading, jump, moved_on
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import LAST, SECOND, Instant, rfc3339

logger = logging.getLogger("mock_mindvideo")

#: Seconds by which a running clock may differ from what the kernel's own file says.
_BELIEVABLE = 60


class Clock(Protocol):
    """Real time in microseconds since 1970."""

    @property
    def latest(self) -> Instant:
        """The moment that was read last, for what need not be exact."""

    def real(self) -> Instant:
        """The moment, which goes on steadily and never back, whatever the wall clock does."""

    def wall(self) -> Instant:
        """What the wall clock shows, for the time at which a new world begins."""


class System(Protocol):
    """The machine's clocks."""

    #: Names the boot that `running` counts from, the same in all its processes.
    boot: str

    def running(self) -> int:
        """Microseconds since the boot, suspended ones included where the system counts them."""

    def wall(self) -> Instant:
        """The wall clock."""


#: Puts the anchor that is kept through a function, atomically; the one it gives is kept.
Keep = Callable[[Callable[[Anchor | None], Anchor]], Anchor]


class Machine:
    """The clocks of this machine."""

    def __init__(self) -> None:
        self.boot = _boot()

    if hasattr(time, "CLOCK_BOOTTIME"):

        @staticmethod
        def running() -> int:
            return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
    else:

        @staticmethod
        def running() -> int:
            return time.monotonic_ns() // 1000

    @staticmethod
    def wall() -> Instant:
        return time.time_ns() // 1000


class SteadyClock:
    """Real time that does not jump: see `domain/anchor.py`.

    The anchor is kept by `keep`, so that all processes on one store agree. Looked at again once
    the mark is reached, about once a second; between, a reading is an addition. Where it may be
    `late` and is not to be had at first, time begins at no moment that anybody could have seen.
    """

    def __init__(
        self, keep: Keep | None = None, system: System | None = None, *, late: bool = False
    ) -> None:
        self._system = system or Machine()
        self._running = self._system.running
        self._keep = keep or _Own()
        self._offset = 0
        self.latest = 0
        self._mark = 0
        try:
            self._take(self._move_on())
        except Unavailable:
            if not late:
                raise

    def real(self) -> Instant:
        now = self._running() + self._offset
        if self.latest <= now <= self._mark:
            self.latest = now
            return now
        return self._look_again(now)

    def wall(self) -> Instant:
        return self._system.wall()

    def doubt(self) -> None:
        """Look at the anchor again before the next moment: what was kept of it may be undone."""
        self._mark = 0

    def _look_again(self, now: Instant) -> Instant:
        try:
            self._take(self._move_on())
        except Unavailable:  # told to whoever needs more of the store than its time
            now = max(now, self.latest)
            self._offset = now - self._running()
            self.latest = now
            return now
        self.latest = max(self.latest, self._running() + self._offset)
        return self.latest

    def _take(self, anchor: Anchor) -> None:
        self._offset, self._mark = anchor.offset, anchor.mark

    def _move_on(self) -> Anchor:
        """The anchor as it is kept from now on; a jump of the wall clock is told once."""
        last, steps = self.latest, list[tuple[Anchor | None, ClockReading]]()

        def move(anchor: Anchor | None) -> Anchor:
            at = ClockReading(self._system.boot, self._running(), self._system.wall())
            steps.append((anchor, at))
            return moved_on(anchor, at, last)

        anchor = self._keep(move)
        before, at = steps[-1]
        if set_by := jump(before, anchor):
            _tell(set_by, at.wall)
        return anchor


class FakeClock:
    """A clock for tests that stands until it is moved."""

    def __init__(self, start: Instant = 1_800_000_000_000_000) -> None:
        self._now = start

    @property
    def latest(self) -> Instant:
        return self._now

    def real(self) -> Instant:
        return self._now

    def wall(self) -> Instant:
        return self._now

    def move(self, seconds: float) -> None:
        """Move on by `seconds`."""
        self._now += max(0, round(seconds * 1_000_000))


class _Own:
    """Keeps an anchor in this process, for a store that ends with it."""

    def __init__(self) -> None:
        self._anchor: Anchor | None = None

    def __call__(self, move: Callable[[Anchor | None], Anchor]) -> Anchor:
        self._anchor = move(self._anchor)
        return self._anchor


def _tell(set_by: int, wall: Instant) -> None:
    logger.warning(
        "the system clock was set %s by %.0f s, to %s; worlds do not follow, their time runs on"
        " from where it was (a world that is reset begins at the new time)",
        "back" if set_by < 0 else "forward",
        abs(set_by) / SECOND,
        rfc3339(max(0, min(LAST, wall))),
    )


@cache
def _boot() -> str:
    """The boot's name; none where the system does not tell, or where its clock is not to be had.

    No process outlives its boot. A library that fakes clocks fakes this one too; the kernel's own
    file tells.
    """
    try:
        name = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
        space = Path("/proc/self/ns/time").readlink() if Path("/proc/self/ns/time").exists() else ""
    except (OSError, ValueError):
        return ""
    believable = abs(Machine.running() / SECOND - uptime) < _BELIEVABLE
    return f"{name} {space}" if believable else ""
