"""A bell: what a request waits for beside the time, whoever waits, in whatever way."""

import asyncio
from collections.abc import Callable
from threading import Lock


class Bell:
    """Rung once or more, from any thread; heard by everyone who waits, in whatever way they do.

    `by_hand` says that a person or a test rings it, and no passing of time.
    """

    def __init__(self, *, by_hand: bool = False) -> None:
        self.by_hand = by_hand
        self._lock = Lock()
        self._rung = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def rung(self) -> bool:
        """Whether it was rung, and not reset since."""
        return self._rung

    def ring(self) -> None:
        """Wake everyone; who comes later does not wait at all, until `reset`."""
        with self._lock:
            self._rung = True
            heard, self._listeners = self._listeners, []
        for listener in heard:
            listener()

    def reset(self) -> None:
        """Silent again."""
        self._rung = False

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` once the bell rings, at once if it has; returns what takes it back."""
        with self._lock:
            if not self._rung:
                self._listeners.append(listener)
                return lambda: self._forget(listener)
        listener()
        return lambda: None

    def _forget(self, listener: Callable[[], None]) -> None:
        with self._lock:
            self._listeners = [each for each in self._listeners if each is not listener]


async def wait_in_loop(bell: Bell | None, seconds: float | None) -> bool:
    """Wait in the running event loop, in real time; whether the bell rang."""
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()

    def listener() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(heard.set)

    forget = bell.listen(listener) if bell else lambda: None
    try:
        async with asyncio.timeout(seconds):
            await heard.wait()
    except TimeoutError:
        return False
    finally:
        forget()
    return True
