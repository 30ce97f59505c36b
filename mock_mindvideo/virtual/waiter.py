"""One thread that waits, or one event loop that has nothing to do."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from types import FrameType

from mock_mindvideo.virtual import real

Check = Callable[[], bool]


def _never() -> bool:
    return False


class Waiter:
    """Waits until `heard`, or until the virtual moment `deadline`, in microseconds.

    `ready` tells from any thread whether what it waits for is there. `block` really waits for it,
    for so many seconds at most, and returns whether it came; without it, `hear` is called.
    `outside` is whether sockets may wake it; `busy` whether a peer is being waited for right now;
    `tasks` are lines about who waits in an event loop.
    """

    def __init__(self, deadline: int | None, what: str, *, ready: Check = _never) -> None:
        self.deadline = deadline
        self.seconds: float | None = None
        self.what = what
        self.ready = ready
        self.block: Callable[[float], bool] | None = None
        self.outside = False
        self.busy: Check = _never
        self.tasks: Callable[[], Sequence[str]] = tuple
        self.thread: Thread | None = None
        self.frame: FrameType | None = None
        self.since = 0
        self.parked = real.monotonic()
        self.heard = False
        self.due = False
        self.failure: BaseException | None = None
        self._bell = real.allocate_lock()
        self._bell.acquire()

    @property
    def woken(self) -> bool:
        """Whether it has a reason to go on, and counts as running therefore."""
        return self.heard or self.due or self.failure is not None

    def hear(self) -> None:
        """What it waits for is there; from any thread."""
        self.heard = True
        self.ring()

    def ring(self) -> None:
        """Let it look whether it was woken."""
        with suppress(RuntimeError):  # it has been rung already
            self._bell.release()

    def rest(self, seconds: float) -> None:
        """Really wait, at most so long."""
        if self.block is None:
            self.doze(min(seconds, 1e6))
        elif self.block(min(seconds, 1e6)):
            self.heard = True

    def doze(self, seconds: float) -> None:
        """Really wait until it is rung, at most so long."""
        self._bell.acquire(True, seconds)
