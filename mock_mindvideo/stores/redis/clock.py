"""One clock for all processes on one Redis, on whatever machine they are.

Each goes by its own steady clock, which it compares with the server's once a second. The server's
time may jump, as any wall clock may, and may be another machine's after a failover: it is heeded
only as far as it goes on steadily, and a mark, which is ahead of every moment that was given, says
from where a process that begins goes on. Between two looks processes differ by less than a round
trip; so each world keeps the latest moment that was used in it, and who reads the world has it.
"""

from typing import Protocol

from mock_mindvideo.domain.anchor import LEASE, TOLERANCE
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import CLOCK
from mock_mindvideo.system.clock import Clock, Machine, System

#: A steady clock is wrong by one microsecond in so many.
_DRIFT = 10_000


class Witness(Protocol):
    """A clock that is never behind what it was told."""

    def real(self) -> Instant:
        """The real time, in microseconds since 1970."""

    def witness(self, moment: Instant) -> None:
        """Another process has used that moment."""


class SharedClock:
    """See `Clock`. Never asks the server by itself, but in `compare`."""

    def __init__(self, engine: Engine, system: System | None = None) -> None:
        self._engine = engine
        self._system = system or Machine()
        self._offset = self._system.wall() - self._system.running()
        self.latest: Instant = 0
        self._error = self._looked = 0
        self._begun = False

    def real(self) -> Instant:
        now = self._system.running() + self._offset
        self.latest = max(self.latest, now)
        return self.latest

    def wall(self) -> Instant:
        return self._system.wall()

    def witness(self, moment: Instant) -> None:
        self.latest = max(self.latest, moment)

    @property
    def due(self) -> bool:
        """Whether a second has passed since the last comparison."""
        return not self._begun or self._system.running() - self._looked >= SECOND

    def compare(self) -> None:
        """Ask the server; raises Unavailable. A slow answer says less than the one before."""
        sent = self._system.running()
        mine = str(self.real()) if self._begun else ""
        real = int(self._engine.run("clock", (CLOCK,), mine, TOLERANCE, LEASE))
        received = self._system.running()
        error = (received - sent) // 2
        if not self._begun or error <= self._error + (received - self._looked) // _DRIFT:
            self._offset, self._error = real - (sent + received) // 2, error
        if not self._begun:
            self.latest = 0  # what it said before, nobody was answered with
        self._begun, self._looked = True, received


class Given:
    """A clock that somebody else gave, which is believed as it is."""

    due = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def latest(self) -> Instant:
        return self._clock.latest

    def real(self) -> Instant:
        return self._clock.real()

    def wall(self) -> Instant:
        return self._clock.wall()

    def witness(self, moment: Instant) -> None:
        """Do nothing: a given clock is believed as it is."""

    def compare(self) -> None:
        """Do nothing: a given clock has nothing to be compared with."""
