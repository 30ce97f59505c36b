"""How many streams each process has open; those of one that was killed are soon forgotten."""

import socket
from collections.abc import Callable

from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import PROCESSES

#: How often a process with open streams says so, and after how long one that does not is dead.
_BEAT = SECOND
_DEAD = 3 * SECOND


class OpenCounts:
    """The counts of all processes; `token` is this one's."""

    def __init__(self, engine: Engine, real: Callable[[], Instant], token: str) -> None:
        self._engine = engine
        self._real = real
        self._name = f"{socket.gethostname()}-{token}"
        self._own = 0
        self._told = 0
        self._beat: Instant = 0

    def tell(self, own: int) -> None:
        """So many are open in this process; the others hear of it with the next flush."""
        self._own = own

    def all(self) -> int:
        """How many are open in all processes."""
        alive = self._real() - _DEAD
        found = self._engine.run("processes", (PROCESSES,), alive)
        others = zip(found[::2], found[1::2], strict=True)
        return self._own + sum(int(each) for name, each in others if name.decode() != self._name)

    def flush(self) -> None:
        """Tell the others, if there is something to tell."""
        own, now = self._own, self._real()
        if own == self._told and (not own or now < self._beat + _BEAT):
            return
        self._engine.run("streaming", (PROCESSES,), self._name, own, now, now - _DEAD)
        self._told, self._beat = own, now
