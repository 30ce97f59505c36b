"""The real clock, handed to everything that needs one."""

import time
from typing import Protocol

from mock_mindvideo.domain.instant import Instant


class Clock(Protocol):
    """Real time in microseconds since 1970."""

    def real(self) -> Instant:
        """The moment; never earlier than the last one given."""


class SystemClock:
    """The machine's wall clock, so that a stored world goes on where it was; never back."""

    def __init__(self) -> None:
        self._last = 0

    def real(self) -> Instant:
        now = time.time_ns() // 1000
        if now < self._last:
            return self._last
        self._last = now
        return now


class FakeClock:
    """A clock for tests that stands until it is moved."""

    def __init__(self, start: Instant = 1_800_000_000_000_000) -> None:
        self._now = start

    def real(self) -> Instant:
        return self._now

    def move(self, seconds: float) -> None:
        """Move on by `seconds`."""
        self._now += max(0, round(seconds * 1_000_000))
