"""How many streams each process on one store has open, and when it says so to the others."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from mock_mindvideo.domain.instant import SECOND, Instant

#: How often a process with open streams says so, and after how long one that does not is dead.
_BEAT = SECOND
_DEAD = 3 * SECOND


class StreamCounts(ABC):
    """The counts of all processes; `name` is this one's. Those of one that was killed go soon."""

    def __init__(self, real: Callable[[], Instant], name: str) -> None:
        self._real = real
        self._name = name
        self._own = 0
        self._told = 0
        self._beat: Instant = 0

    def tell(self, own: int) -> None:
        """So many are open in this process; the others hear of it with the next flush."""
        self._own = own

    def all(self) -> int:
        """How many are open in all processes."""
        return self._own + self._others(self._real() - _DEAD)

    def flush(self) -> None:
        """Tell the others, if there is something to tell."""
        own, told = self._own, self._told
        if not own and not told:
            return  # a store that is closed again does not ask for the time any more
        now = self._real()
        if own == told and now < self._beat + _BEAT:
            return
        self._say(own, now, now - _DEAD)
        self._told, self._beat = own, now

    @abstractmethod
    def _others(self, alive: Instant) -> int:
        """How many the other processes have open that were heard of since `alive`."""

    @abstractmethod
    def _say(self, own: int, now: Instant, alive: Instant) -> None:
        """Write this process's count down, and forget those last heard of before `alive`."""
