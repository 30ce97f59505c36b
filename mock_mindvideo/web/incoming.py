"""The body of one request while it comes: bounded by itself, and together with all others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mock_mindvideo.domain.errors import InvalidHttp, PayloadTooLarge, Unavailable
from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.web.answers import Receive, Scope
from mock_mindvideo.web.threads import at_home
from mock_mindvideo.web.waiting import Bell

if TYPE_CHECKING:
    from mock_mindvideo.web.bodies import HeldBody

#: Bodies of the greatest length that are held at once, if that many are that long.
BODIES = 16


class IncomingBody:
    """What has come of a request's body: at most `most` bytes, and the piece that exceeds them.

    A long one may have to make room for others, whether it is being read or its client has
    stopped: then nothing of it is kept any more. `left` rings when the client leaves, `ended` is
    whether all of the body has come.
    """

    __slots__ = ("_held", "_most", "_pieces", "_receive", "_size", "ended", "left")

    def __init__(self, receive: Receive, most: int) -> None:
        self.left = Bell()
        self.ended = False
        self._receive = receive
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0
        self._held: HeldBody | None = None

    @property
    def refused(self) -> bool:
        """Whether it had to make room."""
        return self._held is not None and self._held.refused

    @property
    def content(self) -> bytes | None:
        """The body, if it is whole or known to be too large, and still here."""
        if self.refused or not (self.ended or self._size > self._most):
            return None
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    async def read(self) -> bytes | None:
        """The content; None where the client has left, or there was no room for it."""
        while self.content is None and not self.left.rung and not self.refused:
            await self.hear()
        if self.refused:
            self._pieces.clear()
        self.work()
        return self.content

    async def hear(self) -> None:
        """Wait for the next piece, or for the client to leave, and until there is room for it."""
        if self._held is None:
            await self._hear()
        else:
            await self._held.unless_refused(self._hear())
        if self._size > LONG and not self.refused:
            await self._held_body().grow(self._size)
        if self.refused:
            self._pieces.clear()

    async def hear_until_left(self) -> None:
        """Take what comes until the client leaves."""
        while not self.left.rung:
            await self.hear()

    def work(self) -> None:
        """Its turn comes soon, if all that is needed of it has come."""
        if self._held is not None and self.content is not None:
            self._held.work()

    def rest(self) -> None:
        """It waits for what may take long: a time, a gate, or its client."""
        if self._held is not None and self.content is not None:
            self._held.rest()

    async def close(self) -> None:
        """The same, where it has to be awaited."""
        self.let_go()

    def let_go(self) -> None:
        """Called when the body is no longer needed."""
        if self._held is not None:
            self._held.end()

    def _held_body(self) -> "HeldBody":
        if self._held is None:
            from mock_mindvideo.web.bodies import held_body  # noqa: PLC0415 - most are short

            self._held = held_body(self._most * BODIES)
        return self._held

    async def _hear(self) -> None:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.left.ring()
            return
        if self._size <= self._most and not self.refused:
            self._pieces.append(message.get("body", b""))
            self._size += len(self._pieces[-1])
        self.ended = not message.get("more_body", False)


@asynccontextmanager
async def long_body(scope: Scope, receive: Receive, most: int) -> AsyncIterator[bytes]:
    """The whole body of a request beside the API, at most `most` bytes; held until the end.

    Raises PayloadTooLarge, Unavailable where there is no room for it, and InvalidHttp where the
    client has left.
    """
    body = IncomingBody(receive, most)
    try:
        content = await at_home(scope, body.read)
        if content is None:
            raise no_room() if body.refused else broken_off()
        if len(content) > most:
            raise too_large(most)
        yield content
    finally:
        await at_home(scope, body.close)


def too_large(most: int) -> PayloadTooLarge:
    """The refusal of a body over `most` bytes."""
    return PayloadTooLarge(f"the body is over {most} bytes; pass large files as hosted URLs")


def no_room() -> Unavailable:
    """The refusal of a body that had to make room for others."""
    return Unavailable("too many long bodies are on their way; send it again")


def broken_off() -> InvalidHttp:
    """The refusal of a body whose client has left; who only closed its side reads it."""
    return InvalidHttp("the body breaks off before its end")
