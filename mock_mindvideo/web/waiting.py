"""A bell: what a request waits for beside the time, whoever waits, in whatever way."""

from collections.abc import Callable
from math import isfinite
from threading import Lock
from typing import TYPE_CHECKING

from mock_mindvideo.system.later import Later

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

#: For all bells: it is held for a moment, and one for each is much where very many wait.
_lock = Lock()

WhenRung = Callable[[], object]


class Bell:
    """Rung once or more, from any thread; heard by everyone who waits, in whatever way they do.

    `by_hand` says that a person or a test rings it, and no passing of time.
    """

    __slots__ = ("_listeners", "_rung", "by_hand")

    def __init__(self, *, by_hand: bool = False) -> None:
        self.by_hand = by_hand
        self._rung = False
        self._listeners: tuple[WhenRung, ...] = ()

    @property
    def rung(self) -> bool:
        """Whether it was rung, and not reset since."""
        return self._rung

    def ring(self) -> None:
        """Wake everyone; who comes later does not wait at all, until `reset`."""
        with _lock:
            self._rung = True
            heard, self._listeners = self._listeners, ()
        for listener in heard:
            listener()

    def reset(self) -> None:
        """Make the bell silent: who comes from now on waits again."""
        self._rung = False

    def listen(self, listener: WhenRung) -> None:
        """Call `listener` once the bell rings, at once if it has."""
        with _lock:
            if not self._rung:
                self._listeners = (*self._listeners, listener)
                return
        listener()

    def forget(self, listener: WhenRung) -> None:
        """Do not call `listener` any more."""
        with _lock:
            self._listeners = tuple([each for each in self._listeners if each is not listener])


class _Waiter:
    """Who waits in an event loop: one future, which bells and time set."""

    __slots__ = ("_loop", "future")

    def __init__(self, loop: "asyncio.AbstractEventLoop") -> None:
        self._loop = loop
        self.future = loop.create_future()

    def wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)

    def __call__(self) -> None:
        """Heard a bell; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.wake)


async def wait_in_loop(bell: Bell | None, seconds: float | None, also: Bell | None = None) -> bool:
    """Wait in the running event loop, in real time; whether the bell rang.

    `also` ends the wait likewise. It takes little memory, since very many may wait at once.
    """
    loop = asyncio.get_running_loop()
    waiter = _Waiter(loop)
    timed = seconds is not None and isfinite(seconds)
    timer = loop.call_later(seconds, waiter.wake) if timed else None  # type: ignore[arg-type]
    for each in (bell, also):
        if each is not None:
            each.listen(waiter)
    try:
        await waiter.future
    finally:
        for each in (bell, also):
            if each is not None:
                each.forget(waiter)
        if timer is not None:
            timer.cancel()
    return bell is not None and bell.rung
