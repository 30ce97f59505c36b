"""A task's events, as server-sent events until the terminal one (the form is invented)."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.representation import Output, event_body
from mock_mindvideo.domain.world import POLLS, TIME
from mock_mindvideo.web.answers import json_bytes
from mock_mindvideo.web.harm import COMMENT, Sending
from mock_mindvideo.web.open_streams import Wake
from mock_mindvideo.web.steps import Pause, Steps
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import View

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


class Look(NamedTuple):
    """What a stream sees of its task: whether it has ended, when it moves next, its new events."""

    ended: bool
    due: Instant | None
    events: list[bytes]


class EventStream:
    """One client's stream of one task, from the event after `seen` on.

    `output` gives the links to what the task makes, `sending` is the way out, `sent` is told each
    sequence.
    """

    __slots__ = ("_output", "_seen", "_sending", "_sent", "_service", "_task_id", "_world")

    def __init__(
        self,
        service: Service,
        world: World,
        task_id: str,
        output: Callable[[View], Output],
        seen: int,
        sending: Sending,
        sent: Callable[[int], None],
    ) -> None:
        self._service = service
        self._world = world
        self._task_id = task_id
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
                wake.look()
                ended, due, events = self._look()
                yield from self._catch_up(events)
                del events  # a stream may wait for long, and very many at once
                if ended:
                    break
                if not self._sending.over and (pause := self._pause(due, wake)):
                    woken = yield pause
                    if not woken and pause.seconds == HEARTBEAT:
                        yield from self._sending.piece(COMMENT)
        self._sending.end()

    def _look(self) -> Look:
        """The task as it is. It is not held while the stream waits: its input may be large."""
        view = self._service.glance(self._world, self._task_id)
        steps = view.steps[self._seen :]
        output = self._output(view) if steps else {}
        events = [
            frame(event_body(view.task, number, step, view.lifecycle, output))
            for number, step in enumerate(steps, self._seen + 1)
        ]
        return Look(view.lifecycle.ended(view.status), view.due, events)

    def _catch_up(self, events: list[bytes]) -> Steps[None]:
        for event in events:
            if self._sending.over:
                return
            self._seen += 1
            self._sent(self._seen)
            yield from self._sending.event(self._seen, event)

    def _pause(self, at: Instant | None, wake: Wake) -> Pause | None:
        """Until there may be more, at most for a heartbeat's length; None where there is now."""
        state = self._world.state
        if state.progress == POLLS and at is not None:
            self._world.jump(at)
            return None
        if at is None:
            return wake.pause(HEARTBEAT)
        due = max(0.0, (at - self._world.now()) / SECOND / state.speed)
        return wake.pause(min(due, HEARTBEAT) if state.progress == TIME else HEARTBEAT, due)
