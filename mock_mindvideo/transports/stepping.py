"""Running a request through the application without a server and without an event loop.

The application is a coroutine that suspends for two reasons only: a piece of a streamed body is
ready for the client, or it has to wait. Whoever sends the request steps it from one to the next,
so a stream is as far as its client has read, and ends the moment that its client lets go.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.web.answers import Message, Scope
from mock_mindvideo.web.waiting import ABORT, WAIT, Bell

ASGIApp = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Waiting:
    """The application waits for a bell, or `seconds`; it is resumed with whether the bell rang."""

    bell: Bell | None
    seconds: float | None
    due: float | None = None

    def __await__(self) -> Generator["Waiting", bool, bool]:
        return (yield self)


@dataclass(slots=True)
class Piece:
    """A piece of the body for the client; the application goes on when the next one is asked."""

    body: bytes

    def __await__(self) -> Generator["Piece", None, None]:
        yield self


class Finished(Exception):
    """The application has nothing more to say."""


class ClientLeft(BaseException):
    """Ends the application where it is, as a cancellation would.

    Thrown, since closing a coroutine leaves a generator it is waiting in as if it still ran.
    """


@dataclass(slots=True, eq=False)
class Run:
    """One request on its way through the application.

    Once `step` has given a piece, or raised Finished, `status` and `headers` are there, unless
    the connection was `dropped`.
    """

    app: ASGIApp
    scope: Scope
    body: bytes
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    whole: bytes = b""
    dropped: bool = False
    given: int = 0
    _coroutine: Coroutine[Any, Any, None] | None = None
    _asked: bool = False

    def __post_init__(self) -> None:
        self.scope["extensions"] = {ABORT: self._abort, WAIT: Waiting}
        self._coroutine = self.app(self.scope, self._receive, self._send)  # type: ignore[assignment]

    def step(self, rang: bool | None = None) -> Waiting | Piece:
        """On to the next suspension; raises Finished at the end."""
        if self._coroutine is None:
            raise Finished
        try:
            paused: Waiting | Piece = self._coroutine.send(rang)
        except StopIteration:
            self._coroutine = None
            raise Finished from None
        return paused

    def go_on_alone(self) -> None:
        """Let the application finish what its client no longer waits for, as a server would.

        A task that was delayed beyond the client's patience is made all the same.
        """
        with suppress(Finished):
            while isinstance(paused := self.step(False), Waiting) and paused.bell is None:
                """The delay is over; nobody is there to feel it."""
        self.close()

    def close(self) -> None:
        """End the application where it is; its own clean-up has run when this returns."""
        coroutine, self._coroutine = self._coroutine, None
        if coroutine is not None:
            with suppress(ClientLeft, StopIteration):
                coroutine.throw(ClientLeft())

    def _abort(self) -> None:
        self.dropped = True

    async def _receive(self) -> Message:
        if self._asked:
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
            return
        body = message.get("body", b"")
        if not message.get("more_body", False) and not self.given:
            self.whole = body
        elif body:
            self.given += len(body)
            await Piece(body)
