"""One request and its answer, as the ASGI application has them."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from starlette.types import ASGIApp

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import InternalError
from mock_mindvideo.http1.answer import Framing, refusal
from mock_mindvideo.http1.reader import Head
from mock_mindvideo.web.answers import Message, Scope
from mock_mindvideo.web.asgi import PEER, STARTED

#: Bytes of a request's body that wait for the application, and of an answer's that wait for the
#: client; more is not read, and not written.
HIGH_WATER = 64 * 1024

logger = logging.getLogger("mock_mindvideo")


class Connection(Protocol):
    """What a cycle needs of its connection."""

    @property
    def dated(self) -> bytes: ...
    @property
    def dialect(self) -> Dialect: ...
    @property
    def lost(self) -> bool: ...
    def write(self, data: bytes | memoryview) -> None: ...
    async def drained(self) -> None: ...
    def read_on(self) -> None: ...
    def on_answered(self, cycle: "Cycle") -> None: ...
    def rest(self) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class Cycle:
    """A request whose head has come, until its answer is written.

    `head` is there until the application begins. `whole` is whether all of the request has come,
    `left` whether the client has: it closed its side, or was cut off. What is sent to a client
    whose side is closed is written all the same. `mute` is a cycle whose answer is given by the
    connection, and nothing the application sends.
    """

    __slots__ = (
        "_body",
        "_connection",
        "_continue",
        "_framing",
        "_on_leave",
        "_told_end",
        "_waiters",
        "complete",
        "head",
        "left",
        "mute",
        "scope",
        "started",
        "whole",
    )

    def __init__(self, connection: Connection, head: Head, scope: Scope) -> None:
        self._connection = connection
        self.head: Head | None = head
        self._framing = Framing(head.method, head.version, keep_alive=head.keep_alive)
        expected = head.fields.get(b"expect", b"").lower()
        self._continue = head.version == "1.1" and expected == b"100-continue"
        self._body = bytearray()
        self._told_end = False
        self._waiters: list[asyncio.Future[None]] = []
        self.scope = scope
        self._on_leave: Callable[[], None] = _nobody
        self.whole = self.left = self.mute = self.started = self.complete = False

    @property
    def keep_alive(self) -> bool:
        """Whether the connection goes on after the answer."""
        return self._framing.keep_alive

    @keep_alive.setter
    def keep_alive(self, value: bool) -> None:
        self._framing.keep_alive = value

    @property
    def begun(self) -> bool:
        """Whether its handling has begun."""
        return STARTED in self.scope["extensions"]

    @property
    def undisturbed(self) -> bool:
        """Whether it is whole, its client is there, and the connection goes on behind it."""
        return self.whole and self.keep_alive and not (self.left or self.mute)

    @property
    def body(self) -> bytes:
        """What has come of the body and was not taken."""
        return bytes(self._body)

    @property
    def lost(self) -> bool:
        """Whether nothing that is written reaches the client any more."""
        return self.mute or self._connection.lost

    @property
    def full(self) -> bool:
        """Whether so much of the body waits to be read that no more should come."""
        return len(self._body) > HIGH_WATER

    def on_data(self, data: bytes) -> None:
        """A piece of the body has come."""
        if not self.complete and not self.mute:
            self._body += data
            self._wake()

    def on_end(self) -> None:
        """All of the body has come."""
        self.whole = True
        self._wake()

    def wait(self, on_leave: Callable[[], None]) -> None:
        """The application waits; from now on `on_leave` is told when the client leaves."""
        self._on_leave = on_leave
        self._connection.rest()
        if self.left:
            on_leave()

    def leave(self) -> None:
        """The client has left."""
        self.left = True
        self._on_leave()
        self._wake()

    async def run(self, app: ASGIApp) -> None:
        """Let the application answer, which may wait with `wait`."""
        self.head = None
        extensions = self.scope["extensions"]
        extensions[PEER] = self
        try:
            await app(self.scope, self.receive, self.send)
        except asyncio.CancelledError:
            self._connection.abort()
            raise
        except Exception:
            logger.exception("%(method)s %(path)s failed", self.scope)
            self._end_badly()
        else:
            if not self.complete:
                self._end_badly()
        finally:
            del extensions[PEER]  # which refers back
            self._on_leave = _nobody

    async def receive(self) -> Message:
        """What has come of the body, and once that is over, that the client has left."""
        if self._continue and not self.whole and not self.started:
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._continue = False
        while not self._has_news():
            self._connection.read_on()
            if self._has_news():
                break
            if self.left or self.complete:
                return {"type": "http.disconnect"}
            await self._news()
        body, self._body = bytes(self._body), bytearray()
        self._told_end = self.whole
        return {"type": "http.request", "body": body, "more_body": not self.whole}

    async def send(self, message: Message) -> None:
        """Write a part of the answer; waits while the client does not read."""
        if self.complete:
            raise RuntimeError(f"{message['type']} was sent after the end of the answer")
        if self.mute:
            return
        if message["type"] == "http.response.start":
            self._start(message)
        else:
            await self._send_body(message)

    def _start(self, message: Message) -> None:
        if self._continue and not self.whole:
            self.keep_alive = False  # whether the body will come is not known any more
        head = self._framing.head(
            message["status"], list(message.get("headers", ())), self._connection.dated
        )
        self.started = True
        self._connection.write(head)

    async def _send_body(self, message: Message) -> None:
        for piece in _pieces(message.get("body", b"")):
            await self._connection.drained()
            for part in () if self.mute else self._framing.data(piece):
                self._connection.write(part)
        if not message.get("more_body", False) and not self.mute:
            if end := self._framing.end():
                self._connection.write(end)
            self._end()

    def _end(self) -> None:
        self.complete = True
        self._body.clear()
        self._wake()
        self._connection.on_answered(self)

    def _end_badly(self) -> None:
        """The application has not given a whole answer."""
        if self.started or self.left or self.mute:
            self._connection.close()
            return
        self.keep_alive = False
        self.started = True
        problem = InternalError("the mock failed; see its log")
        to_head = self.scope["method"] == "HEAD"
        own = self._connection
        own.write(refusal(problem, own.dialect, own.dated, to_head=to_head))
        self._end()

    def _has_news(self) -> bool:
        return bool(self._body) or (self.whole and not self._told_end)

    async def _news(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)


def _nobody() -> None:
    """Stand in where nobody waits for the end of an answer."""


def _pieces(body: Any) -> Iterator[bytes | memoryview]:
    if len(body) <= HIGH_WATER:
        yield body
        return
    view = memoryview(body)
    for start in range(0, len(view), HIGH_WATER):
        yield view[start : start + HIGH_WATER]
