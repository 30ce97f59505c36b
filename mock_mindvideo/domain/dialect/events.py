"""Events as a dialect shows them: their members, the list of them, the form of the stream."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain.dialect.ids import IdForms
from mock_mindvideo.domain.dialect.tasks import TaskForm
from mock_mindvideo.domain.dialect.template import ABSENT, filled
from mock_mindvideo.domain.instant import SECOND, rfc3339
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.representation import Output
from mock_mindvideo.domain.task import Task, Transition

#: What an event's template can name, and that of its type.
NAMES = ("event_id", "sequence", "type", "created_at", "created", "status", "task_id", "task")
TYPE_NAMES = ("status",)

#: What the id and the name of a server-sent event can say.
FRAME_NAMES = ("sequence", "event_id", "type", "status")

#: What the list of events so far can name.
LIST_NAMES = ("events", "task_id")

#: Forms of the stream: server-sent events, a JSON value on each line, or none at all.
SSE, NDJSON, NONE = "sse", "ndjson", "none"

MEDIA_TYPES: Mapping[str, str] = {SSE: "text/event-stream", NDJSON: "application/x-ndjson"}


class ToldEvent(NamedTuple):
    """One event: its number, what it is called on the wire, and its JSON."""

    sequence: int
    id: str | None
    name: str | None
    body: Any


class EventForm:
    """`events` in the platform's file.

    `heartbeat` is in real seconds, None for none; `retry` in milliseconds; `end` is the data of
    a last message that tells the end of the stream.
    """

    def __init__(self, raw: Mapping[str, Any], tasks: TaskForm, ids: IdForms) -> None:
        self.event: Any = raw["event"]
        self.type: str = raw["type"]
        self.list: Any = raw["list"]
        self.stream: str = raw["stream"]
        self.prefers_list: bool = raw["default"] == "list"
        self.heartbeat: float | None = raw.get("heartbeat")
        sse = raw["sse"]
        self.id: str | None = sse.get("id")
        self.name: str | None = sse.get("event")
        self.retry: int | None = sse.get("retry")
        self.end: str | None = sse.get("end")
        self._tasks = tasks
        self._ids = ids

    @property
    def media_type(self) -> str:
        """The media type of the stream."""
        return MEDIA_TYPES.get(self.stream, MEDIA_TYPES[SSE])

    @property
    def numbered(self) -> bool:
        """Whether what a client sends as its last event's id is the sequence."""
        return self.id == "{sequence}"

    def told(
        self, task: Task, sequence: int, step: Transition, lifecycle: Lifecycle, output: Output
    ) -> ToldEvent:
        """The `sequence`-th event of a task, with the task as of then."""
        shown = self._tasks.shown(task, step.status, lifecycle, output)
        return self.made(task.id, sequence, step.status, step.at, shown)

    def made(self, task_id: str, sequence: int, status: str, at: int, task: object) -> ToldEvent:
        """The event of entering `status` at a moment; `task` is as this dialect shows it."""
        word = self._tasks.word(status)
        values = {
            "event_id": self._ids.of_event(task_id, sequence),
            "sequence": sequence,
            "type": filled(self.type, {"status": word}),
            "created_at": rfc3339(at),
            "created": at // SECOND,
            "status": word,
            "task_id": task_id,
            "task": task,
        }
        frame = (_line(self.id, values), _line(self.name, values))
        return ToldEvent(sequence, *frame, filled(self.event, values))

    def listed(self, task_id: str, events: Sequence[ToldEvent]) -> Any:
        """The events as one JSON value."""
        bodies = [each.body for each in events]
        return filled(self.list, {"events": bodies, "task_id": task_id})


def _line(template: str | None, values: Mapping[str, Any]) -> str | None:
    found = ABSENT if template is None else filled(template, values)
    return None if found is ABSENT else str(found)
