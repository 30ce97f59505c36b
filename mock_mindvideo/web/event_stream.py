"""A task's events as they happen, until the terminal one; the form is the dialect's."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from mock_mindvideo.domain.dialect import EventForm, ToldEvent
from mock_mindvideo.domain.dialect.events import NDJSON
from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.representation import Output
from mock_mindvideo.domain.world import POLLS, TIME
from mock_mindvideo.web.answers import json_bytes
from mock_mindvideo.web.harm import COMMENT, Sending
from mock_mindvideo.web.headers import content_type
from mock_mindvideo.web.open_streams import Wake
from mock_mindvideo.web.steps import Pause, Steps
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import View

#: A line that shows that the connection lives.
_BLANK = b"\n"
NO_STORE = (b"cache-control", b"no-store")


def after(last_event_id: str | None, view: View, form: EventForm) -> int:
    """How many events the client has seen; 0 where the id is not one of this task's."""
    if last_event_id is None or not form.resumes:
        return 0
    if not form.numbered:
        told = (
            form.made(view.task.id, number, step.status, step.at, None)
            for number, step in enumerate(view.steps, 1)
        )
        return next((each.sequence for each in told if each.id == last_event_id), 0)
    digits = last_event_id
    seen = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 10 else 0
    return seen if seen <= len(view.steps) else 0


def stream_type(form: EventForm) -> tuple[bytes, bytes]:
    """The header that says of what media type the stream is."""
    charset = "" if form.stream == NDJSON or form.stream_type else "; charset=utf-8"
    return content_type(form.media_type + charset)


def opening(form: EventForm) -> bytes:
    """What a stream begins with: after how many milliseconds a client may come again."""
    # No blank line after it: some clients give out an event for a block without data.
    said = form.retry is not None and form.stream != NDJSON
    return f"retry: {form.retry}\n".encode() if said else b""


def frame(event: ToldEvent, form: EventForm) -> bytes:
    """One event on the wire: id, event, data on one line; or the data alone."""
    if form.stream == NDJSON:
        return json_bytes(event.body) + b"\n"
    head = "" if event.id is None else f"id: {event.id}\n"
    head += "" if event.name is None else f"event: {event.name}\n"
    return f"{head}data: ".encode() + json_bytes(event.body) + b"\n\n"


def closing(form: EventForm) -> bytes:
    """What is said behind the terminal event."""
    if form.end is None:
        return b""
    text = form.end.encode()
    return text + b"\n" if form.stream == NDJSON else b"data: " + text + b"\n\n"


def beat(form: EventForm) -> bytes:
    """What shows that the connection lives."""
    return _BLANK if form.stream == NDJSON else COMMENT


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

    __slots__ = ("_form", "_output", "_seen", "_sending", "_sent", "_service", "_task_id", "_world")

    def __init__(
        self,
        service: Service,
        world: World,
        task_id: str,
        form: EventForm,
        output: Callable[[View], Output],
        seen: int,
        sending: Sending,
        sent: Callable[[int], None],
    ) -> None:
        self._service = service
        self._world = world
        self._task_id = task_id
        self._form = form
        self._output = output
        self._seen = seen
        self._sending = sending
        self._sent = sent

    def run(self, wake: Wake) -> Steps[None]:
        """Send what is to be sent, when it is to be sent, until the task or the stream ends.

        It ends too where the world was reset under it, and where the store cannot be used: its
        client comes again, and is told why.
        """
        yield from self._sending.piece(opening(self._form))
        yield from self._sending.begin()
        with suppress(TaskNotFound, Unavailable):
            while not (wake.over or self._sending.over):
                wake.look()
                ended, due, events = self._look()
                yield from self._catch_up(events)
                del events  # a stream may wait for long, and very many at once
                if ended:
                    yield from self._end()
                    break
                if not self._sending.over and (pause := self._pause(due, wake)):
                    woken = yield pause
                    if not woken and pause.seconds == self._form.heartbeat:
                        yield from self._sending.piece(beat(self._form))
        self._sending.end()

    def _look(self) -> Look:
        """The task as it is. It is not held while the stream waits: its input may be large."""
        view = self._service.glance(self._world, self._task_id)
        steps = view.steps[self._seen :]
        output = self._output(view) if steps else {}
        events = [
            frame(self._form.told(view.task, number, step, view.lifecycle, output), self._form)
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

    def _end(self) -> Steps[None]:
        last = closing(self._form)
        if last and not self._sending.over:
            yield from self._sending.piece(last)

    def _pause(self, at: Instant | None, wake: Wake) -> Pause | None:
        """Until there may be more, at most for a heartbeat's length; None where there is now."""
        state = self._world.state
        if state.progress == POLLS and at is not None:
            self._world.jump(at)
            return None
        silence = self._form.heartbeat
        if at is None:
            return wake.pause(silence)
        due = max(0.0, (at - self._world.now()) / SECOND / state.speed)
        if state.progress == TIME:
            return wake.pause(due if silence is None else min(due, silence), due)
        return wake.pause(silence, due)
