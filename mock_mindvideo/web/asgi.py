"""Running the handling of a request over ASGI, in an event loop and in real time."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Protocol

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import InternalError
from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.system.later import Later
from mock_mindvideo.web.answers import Receive, Scope, Send, error_answer, new_request_id
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.incoming import IncomingBody
from mock_mindvideo.web.lanes import lanes_of
from mock_mindvideo.web.steps import (
    DROP,
    Handling,
    NeedBody,
    Pause,
    Piece,
    Start,
    Step,
    Turn,
    Whole,
)
from mock_mindvideo.web.threads import called
from mock_mindvideo.web.turns import alone
from mock_mindvideo.web.waiting import Bell, wait_in_loop

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

#: In `scope["extensions"]`: what breaks the connection, the handling that was started already, and
#: a Peer.
ABORT = "mock_mindvideo.abort"
STARTED = "mock_mindvideo.started"
PEER = "mock_mindvideo.peer"


class Peer(Protocol):
    """The connection's side of a request.

    `whole` is whether all of it has come, `lost` whether nothing that is sent reaches anybody.
    """

    whole: bool

    @property
    def lost(self) -> bool: ...

    def wait(self, on_leave: Callable[[], None]) -> None:
        """Be ready for a long wait, and tell when the client leaves; at once if it has."""


_CANNOT_DROP = InternalError(
    "the connection should break here, as a script says, which this server cannot do; what the"
    " request did has been done: run `mock-mindvideo serve`, and see the first lines of its log"
)


async def drive(handling: Handling, client: "AsgiClient") -> None:
    """Run a handling to its end, or until its client has left."""
    try:
        while handling.step is not None:
            step = handling.step
            # A wait is what may last: it is made from here, with one frame less.
            reply = await (client.wait(step) if type(step) is Pause else client.serve(step))
            async with _turn_for(step, reply):
                if client.left.rung:
                    await _run(handling, partial(handling.leave, client.body))
                    return
                if handling.blocking:
                    lanes = lanes_of(asyncio.get_running_loop())
                    await lanes.run(client.caller, partial(handling.advance, reply))
                else:
                    handling.advance(reply)
        await client.finish(handling.end)
    except BaseException:  # a server that stops cancels it
        await _run(handling, handling.close)
        raise
    finally:
        client.let_go()


async def _run(handling: Handling, call: Callable[[], None]) -> None:
    await called(call, blocking=handling.blocking)


def _turn_for(step: Step, reply: bytes | bool | None) -> AbstractAsyncContextManager[None]:
    """What is to be waited for before a handling goes on: what takes long is done one by one."""
    long = type(step) is Turn or (isinstance(reply, bytes) and len(reply) > LONG)
    return alone() if long else nullcontext()


class AsgiClient:
    """The client of one request: gives the body, is sent the answer, and may leave at any time.

    At most `most` bytes of the body are kept, and the piece that exceeds them.
    """

    __slots__ = ("_abort", "_body", "_dialect", "_headers", "_peer", "_send", "_started")

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, most: int, dialect: Dialect
    ) -> None:
        self._dialect = dialect
        self._headers: Headers = scope.get("headers", [])
        extensions = scope.get("extensions") or {}
        self._abort = extensions.get(ABORT)
        self._peer: Peer | None = extensions.get(PEER)
        self._body = IncomingBody(receive, most)
        self._send = send
        self._started = False

    @property
    def caller(self) -> bytes:
        """Who asks, as its `Authorization` says."""
        return dict(self._headers).get(b"authorization", b"")

    @property
    def left(self) -> Bell:
        """Rings when the client leaves."""
        return self._body.left

    @property
    def body(self) -> bytes | None:
        """The body, if it is whole or known to be too large."""
        return self._body.content

    async def serve(self, step: Step) -> bytes | None:
        """Do what a step other than a wait says; the reply to it."""
        match step:
            case NeedBody():
                return await self._body.read()
            case Start(status, headers):
                self._started = True
                self._body.rest()  # what follows is at the pace of whoever reads it
                head = {"type": "http.response.start", "status": status, "headers": headers}
                await self._send(head)
            case Piece(data):
                await self._send({"type": "http.response.body", "body": data, "more_body": True})
        return None

    async def finish(self, end: Whole | None) -> None:
        """End the answer: send all of it, or nothing more where pieces were sent, or break off."""
        if end is DROP:
            await self._drop()
            return
        if end is not None:
            await self.serve(Start(end.status, end.headers))
        await self._send({"type": "http.response.body", "body": b"" if end is None else end.body})

    async def wait(self, pause: Pause) -> bool:
        """Wait for the bell, the time, or for the client to leave; whether the bell rang."""
        hearing = await self._hear_meanwhile()
        self._body.rest()
        try:
            return await wait_in_loop(pause.bell, pause.seconds, self.left)
        finally:
            self._body.work()
            if hearing is not None:
                hearing.cancel()

    async def _hear_meanwhile(self) -> "asyncio.Task[None] | None":
        """What hears the client leave during a wait: the connection itself once nothing else can
        come, since one task more for each wait is much where very many wait; or a task.
        """
        peer = self._peer
        if peer is None or not peer.whole:
            return asyncio.ensure_future(self._body.hear_until_left())
        if not self._body.ended:
            await self._body.hear()  # what is left of the body is here
        peer.wait(self.left.ring)
        return None

    def let_go(self) -> None:
        """The body is needed no more."""
        self._body.let_go()

    async def _drop(self) -> None:
        """Break the connection without another byte.

        Where the server has no way to do so, the client is told; of an answer that has begun it
        gets no end, after which every server closes.
        """
        if self._abort is not None:
            self._abort()
            await self._body.hear_until_left()
        elif not self._started:
            request_id = new_request_id(self._dialect.ids)
            await error_answer(_CANNOT_DROP, request_id, self._dialect).send(self._send)
