"""A task's events, as server-sent events until the terminal one (the form is invented)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from mock_mindvideo.domain.errors import TaskNotFound
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.representation import Output, event_body
from mock_mindvideo.domain.world import POLLS, TIME
from mock_mindvideo.service import Service, View
from mock_mindvideo.web.answers import Receive, Send, json_bytes
from mock_mindvideo.web.headers import EVENT_STREAM, Headers
from mock_mindvideo.web.streams import Wake
from mock_mindvideo.worlds import World

#: Real seconds of silence after which a comment shows that the connection lives.
HEARTBEAT = 15.0

# No blank line after it: some clients give out an event for a block without data.
RETRY = b"retry: 1000\n"
COMMENT = b": keep-alive\n\n"
NO_STORE = (b"cache-control", b"no-store")


def after(last_event_id: str | None, view: View) -> int:
    """How many events the client has seen; 0 where the id is not one of this task's."""
    digits = last_event_id or ""
    seen = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 10 else 0
    return seen if seen <= len(view.steps) else 0


#: What is sent next: the event's sequence, 0 for anything else, and its bytes.
Part = tuple[int, bytes]
Parts = AsyncGenerator[Part]


def as_they_are(parts: Parts) -> Parts:
    """No fault."""
    return parts


def frame(event: dict[str, object]) -> bytes:
    """One event on the wire: id, event, data on one line."""
    head = f"id: {event['sequence']}\nevent: {event['type']}\ndata: ".encode()
    return head + json_bytes(event) + b"\n\n"


class EventStream:
    """One client's stream of one task, from the event after `seen` on.

    `disturb` is put between what should be sent and what is, `sent` is told each sequence.
    """

    def __init__(
        self,
        service: Service,
        world: World,
        view: View,
        output: Output,
        seen: int,
        disturb: Callable[[Parts], Parts] = as_they_are,
        sent: Callable[[int], None] = lambda sequence: None,
    ) -> None:
        self._service = service
        self._world = world
        self._task_id = view.task.id
        self._output = output
        self._seen = seen
        self._disturb = disturb
        self._sent = sent

    async def run(self, receive: Receive, send: Send, wake: Wake, headers: Headers) -> None:
        """Send the stream until its end, the client's, or the server's."""
        gone = asyncio.ensure_future(_end_when_gone(receive, wake)) if wake.in_loop else None
        try:
            start = [EVENT_STREAM, NO_STORE, *headers]
            await send({"type": "http.response.start", "status": 200, "headers": start})
            await _send_part(send, RETRY)
            async with aclosing(self._parts(wake)) as parts, aclosing(self._disturb(parts)) as felt:
                async for sequence, part in felt:
                    if sequence:
                        self._sent(sequence)
                    await _send_part(send, part)
            await send({"type": "http.response.body", "body": b""})
        finally:
            if gone is not None:
                gone.cancel()

    async def _parts(self, wake: Wake) -> Parts:
        """What is to be sent, when it is to be sent."""
        lifecycle = self._service.catalog.lifecycle
        while not wake.over:
            try:
                view = self._service.glance(self._world, self._task_id)
            except TaskNotFound:  # the world was reset under the stream
                return
            for step in view.steps[self._seen :]:
                self._seen += 1
                event = event_body(view.task, self._seen, step, lifecycle, self._output)
                yield self._seen, frame(event)
            if lifecycle.ended(view.status):
                return
            if not await self._wait(view, wake):
                yield 0, COMMENT

    async def _wait(self, view: View, wake: Wake) -> bool:
        """Wait until there may be more; False if nothing was sent for a heartbeat's length."""
        state = self._world.state
        if state.progress == POLLS and view.due is not None:
            self._world.jump(view.due)
            return True
        if view.due is None:
            return await wake.wait(HEARTBEAT)
        due = max(0.0, (view.due - self._world.now()) / SECOND / state.speed)
        if state.progress != TIME:
            return await wake.wait(HEARTBEAT, due)
        return await wake.wait(min(due, HEARTBEAT), due) or due <= HEARTBEAT


async def _send_part(send: Send, part: bytes) -> None:
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def _end_when_gone(receive: Receive, wake: Wake) -> None:
    while (await receive())["type"] != "http.disconnect":
        """A request body that nobody asked for."""
    wake.end()
