"""The log as server-sent events, at the pace of whoever reads them: nothing is held for anybody."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.responses import Response

from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.web.answers import Receive, Scope, Send, json_bytes
from mock_mindvideo.web.changes.feed import Bookmark, Feed
from mock_mindvideo.web.changes.log import Happening
from mock_mindvideo.web.control.views import clock_view
from mock_mindvideo.web.harm import COMMENT
from mock_mindvideo.web.leaving import noticing_end
from mock_mindvideo.web.open_streams import OpenStreams, Wake
from mock_mindvideo.web.scope import IN_ONE
from mock_mindvideo.web.turns import in_turns

#: Real seconds between two looks. Nobody who does something has to call a reader.
LOOK = 0.05

#: What the stream begins with, and real seconds of silence until a comment.
RETRY = b"retry: 1000\n"
HEARTBEAT = 15.0

#: Changes that are written together.
_MOST = 64

_HEADERS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store"}

Write = Callable[[bytes], Awaitable[None]]


class ChangesResponse(Response):
    """Sends what comes after `last_event_id`, then what happens, until its client leaves.

    One that is `whole` ends before anything else happens.

    An id from which nothing can be gone on from is answered with an event `gap`, and so is a reader
    that is slower than the log's bound allows. Raises Unavailable if too many streams are open.
    """

    def __init__(
        self, feed: Feed, streams: OpenStreams, last_event_id: str | None, *, whole: bool
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._feed = feed
        self._streams = streams
        self._last_event_id = last_event_id
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wake = self._streams.open(self._feed.name)
        try:
            await in_turns(self._feed.catch_up())
            head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(head)
            if scope["method"] != "HEAD":
                await self._send(scope, receive, send, wake)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._streams.end(self._feed.name, wake)

    async def _send(self, scope: Scope, receive: Receive, send: Send, wake: Wake) -> None:
        async def write(data: bytes) -> None:
            await send({"type": "http.response.body", "body": data, "more_body": True})

        place = self._feed.place(self._last_event_id)
        await write(RETRY + self._opened(place))
        if self._whole or IN_ONE in (scope.get("extensions") or {}):
            await self._write_new(place, write)
            return
        with noticing_end(receive) as gone, suppress(Unavailable, TaskNotFound):
            await self._follow(place, write, lambda: wake.over or gone())

    async def _follow(self, place: Bookmark, write: Write, over: Callable[[], bool]) -> None:
        silent = 0.0
        while not over():
            before, place = place, await self._write_new(place, write)
            if place == before:
                silent += LOOK
            else:
                silent = 0.0
            if silent >= HEARTBEAT:
                silent = 0.0
                await write(COMMENT)
            await asyncio.sleep(LOOK)
            await in_turns(self._feed.catch_up())

    async def _write_new(self, place: Bookmark, write: Write) -> Bookmark:
        """Write what there is after `place`; the place after that."""
        while True:
            changes, after = self._feed.read(place, _MOST)
            if after.gap is not None:
                await write(self._gap(after, len(changes)))
            if changes:
                await write(self._frames(changes, after.number))
            place = Bookmark(after.number)
            if len(changes) < _MOST:
                return place

    def _opened(self, place: Bookmark) -> bytes:
        world = self._feed.world
        clock = clock_view(world.state, world.now())
        return self._frame(place.number, "opened", json_bytes(clock))

    def _gap(self, after: Bookmark, following: int) -> bytes:
        read = ["/_mock/tasks", "/_mock/requests", "/_mock/ledger"]
        told = json_bytes({"reason": after.gap, "read": read})
        return self._frame(after.number - following, "gap", told)

    def _frames(self, changes: list[Happening], last: int) -> bytes:
        first = last + 1 - len(changes)
        return b"".join(
            self._frame(number, change.kind, change.data)
            for number, change in enumerate(changes, first)
        )

    def _frame(self, number: int, kind: str, data: bytes) -> bytes:
        head = f"id: {self._feed.log.id(number)}\nevent: {kind}\ndata: "
        return head.encode() + data + b"\n\n"
