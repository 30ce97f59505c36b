"""A task's events, as server-sent events until the terminal one (the form is invented)."""

from collections.abc import Callable
from contextlib import suppress

from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.representation import Output, event_body
from mock_mindvideo.domain.world import POLLS, TIME
from mock_mindvideo.service import Service, View
from mock_mindvideo.web.answers import json_bytes
from mock_mindvideo.web.harm import COMMENT, Sending
from mock_mindvideo.web.steps import Steps
from mock_mindvideo.web.streams import Wake
from mock_mindvideo.worlds import World

#: Real seconds of silence after which a comment shows that the connection lives.
HEARTBEAT = 15.0

# No blank line after it: some clients give out an event for a block without data.
RETRY = b"retry: 1000\n"
NO_STORE = (b"cache-control", b"no-store")


def after(last_event_id: str | None, view: View) -> int:
    """How many events the client has seen; 0 where the id is not one of this task's."""
    digits = last_event_id or ""
    seen = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 10 else 0
    return seen if seen <= len(view.steps) else 0


def frame(event: dict[str, object]) -> bytes:
    """One event on the wire: id, event, data on one line."""
    head = f"id: {event['sequence']}\nevent: {event['type']}\ndata: ".encode()
    return head + json_bytes(event) + b"\n\n"


class EventStream:
    """One client's stream of one task, from the event after `seen` on.

    `sending` is the way out, `sent` is told each sequence.
    """

    def __init__(
        self,
        service: Service,
        world: World,
        view: View,
        output: Output,
        seen: int,
        sending: Sending,
        sent: Callable[[int], None],
    ) -> None:
        self._service = service
        self._world = world
        self._task_id = view.task.id
        self._output = output
        self._seen = seen
        self._sending = sending
        self._sent = sent

    def run(self, wake: Wake) -> Steps[None]:
        """Send what is to be sent, when it is to be sent, until the task or the stream ends.

        It ends too where the world was reset under it, and where the store cannot be used: its
        client comes again, and is told why.
        """
        yield from self._sending.piece(RETRY)
        yield from self._sending.begin()
        with suppress(TaskNotFound, Unavailable):
            while not (wake.over or self._sending.over):
                view = self._service.glance(self._world, self._task_id)
                yield from self._catch_up(view)
                if view.lifecycle.ended(view.status):
                    break
                if not self._sending.over and not (yield from self._wait(view, wake)):
                    yield from self._sending.piece(COMMENT)
        self._sending.end()

    def _catch_up(self, view: View) -> Steps[None]:
        for step in view.steps[self._seen :]:
            if self._sending.over:
                return
            self._seen += 1
            self._sent(self._seen)
            event = event_body(view.task, self._seen, step, view.lifecycle, self._output)
            yield from self._sending.event(self._seen, frame(event))

    def _wait(self, view: View, wake: Wake) -> Steps[bool]:
        """Wait until there may be more; False if nothing was sent for a heartbeat's length."""
        state = self._world.state
        if state.progress == POLLS and view.due is not None:
            self._world.jump(view.due)
            return True
        if view.due is None:
            return (yield from wake.wait(HEARTBEAT))
        due = max(0.0, (view.due - self._world.now()) / SECOND / state.speed)
        if state.progress != TIME:
            return (yield from wake.wait(HEARTBEAT, due))
        return (yield from wake.wait(min(due, HEARTBEAT), due)) or due <= HEARTBEAT
