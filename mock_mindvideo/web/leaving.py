"""Whether anybody is left to read an answer that is long in coming."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mock_mindvideo.system.later import Later
from mock_mindvideo.web.answers import Receive, Scope
from mock_mindvideo.web.asgi import PEER, Peer

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

HasLeft = Callable[[], bool]


def lost(scope: Scope) -> HasLeft:
    """Tells whether the client was cut off; never, where the server does not say so.

    A client that only closed its side of the connection reads on.
    """
    peer: Peer | None = (scope.get("extensions") or {}).get(PEER)
    return _never if peer is None else lambda: peer.lost


def end_when_lost(scope: Scope) -> None:
    """Cancel the running task once its client is cut off.

    For requests that change nothing. What many of them wait for, and the little that each holds
    meanwhile, would add up where clients come and go faster than answers are made.
    """
    peer: Peer | None = (scope.get("extensions") or {}).get(PEER)
    task = asyncio.current_task() if peer is not None else None
    if peer is None or task is None:
        return

    def left() -> None:
        if peer.lost:
            task.cancel()

    peer.wait(left)


@contextmanager
def noticing_loss(scope: Scope, receive: Receive) -> Iterator[HasLeft]:
    """The same with every server: where it does not say so by itself, it is asked."""
    if PEER in (scope.get("extensions") or {}):
        yield lost(scope)
        return
    with noticing_end(receive) as gone:
        yield gone


@contextmanager
def noticing_end(receive: Receive) -> Iterator[HasLeft]:
    """Tells whether the client has left: it was cut off, or closed its side."""

    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass  # a request body that nobody asked for

    gone = asyncio.create_task(until_gone())
    try:
        yield gone.done
    finally:
        gone.cancel()


def _never() -> bool:
    return False
