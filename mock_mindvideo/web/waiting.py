"""Waiting at the web edge: on a clock, on a gate, on news of a task.

A server waits in its event loop. A transport without a socket has none: it puts its own way of
waiting into `scope["extensions"][WAIT]`, and what it waits for need not take real time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Protocol

from mock_mindvideo.web.answers import Receive, Scope

#: What drops the connection without an answer; `wire.py` puts it there.
ABORT = "mock_mindvideo.abort"

#: A `Wait` of one's own.
WAIT = "mock_mindvideo.wait"


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


class Wait(Protocol):
    """Waits for `bell`, at most `seconds` as the client feels them (None: for ever).

    `due` tells in how many something will happen by itself, None if nothing ever will. Answers
    whether the bell rang.
    """

    def __call__(
        self, bell: Bell | None, seconds: float | None, due: float | None = None
    ) -> Awaitable[bool]: ...


def waiting(scope: Scope) -> Wait:
    """How this request's server waits."""
    own: Wait | None = (scope.get("extensions") or {}).get(WAIT)
    return own or wait_in_loop


async def wait_in_loop(bell: Bell | None, seconds: float | None, due: float | None = None) -> bool:
    """Wait in the running event loop, in real time."""
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


async def drop(scope: Scope, receive: Receive) -> None:
    """Break the connection without another byte; where the server cannot, it ends in an error."""
    scope["extensions"][ABORT]()
    while (await receive())["type"] != "http.disconnect":
        """A request body that nobody asked for."""
