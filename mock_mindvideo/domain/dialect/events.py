"""Events as a dialect shows them: their members, the list of them, the form of the stream."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain.dialect.ids import IdForms
from mock_mindvideo.domain.dialect.tasks import TaskForm
from mock_mindvideo.domain.dialect.template import ABSENT, filled, names
from mock_mindvideo.domain.instant import SECOND, rfc3339
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.representation import Output
from mock_mindvideo.domain.task import Task, Transition, timeline

#: What an event's template can name, and that of its type.
NAMES = (
    "event_id", "sequence", "index", "type", "created_at", "created", "created_ms", "status",
    "status_upper", "previous", "task_id", "task",
)  # fmt: skip
TYPE_NAMES = ("status", "status_upper")

#: What the id and the name of a server-sent event can say.
FRAME_NAMES = ("sequence", "index", "event_id", "type", "status")

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
    a last message that tells the end of the stream. `lists` is whether there is a list for those
    who ask for JSON, `resumes` whether Last-Event-ID is heeded; `list_type` and `stream_type` are
    media types other than those of tasks and of the form; `schemas` are as those of tasks.
    """

    def __init__(self, raw: Mapping[str, Any], tasks: TaskForm, ids: IdForms) -> None:
        self.event: Any = raw["event"]
        self.type: str = raw["type"]
        self.list: Any = raw["list"]
        self.stream: str = raw["stream"]
        self.prefers_list: bool = raw["default"] == "list"
        self.schemas: Mapping[str, Any] = raw.get("schemas", {})
        self.lists: bool = raw.get("lists", True)
        self.resumes: bool = raw.get("resumes", True)
        self.list_type: str | None = raw.get("media_type")
        self.stream_type: str | None = raw.get("stream_type")
        self.heartbeat: float | None = raw.get("heartbeat")
        sse = raw["sse"]
        self.id: str | None = sse.get("id")
        self.name: str | None = sse.get("event")
        self.retry: int | None = sse.get("retry")
        self.end: str | None = sse.get("end")
        self._tasks = tasks
        self._ids = ids
        self._looks_back = any(name == "previous" for _, name in names(self.event))

    @property
    def media_type(self) -> str:
        """The media type of the stream."""
        return self.stream_type or MEDIA_TYPES.get(self.stream, MEDIA_TYPES[SSE])

    @property
    def numbered(self) -> bool:
        """Whether what a client sends as its last event's id is the sequence."""
        return self.id == "{sequence}"

    def told(
        self, task: Task, sequence: int, step: Transition, lifecycle: Lifecycle, output: Output
    ) -> ToldEvent:
        """The `sequence`-th event of a task, with the task as of then."""
        shown = self._tasks.shown(task, step.status, lifecycle, output)
        before = _before(task, step, lifecycle) if self._looks_back else None
        return self.made(task.id, sequence, step.status, step.at, shown, before)

    def made(
        self,
        task_id: str,
        sequence: int,
        status: str,
        at: int,
        task: object,
        before: str | None = None,
    ) -> ToldEvent:
        """The event of entering `status` at a moment, after the status `before`, if any.

        `task` is as this dialect shows it.
        """
        word = self._tasks.word(status)
        values = {
            "event_id": self._ids.of_event(task_id, sequence),
            "sequence": sequence,
            "index": sequence - 1,
            "type": filled(self.type, {"status": word, "status_upper": word.upper()}),
            "created_at": rfc3339(at),
            "created": at // SECOND,
            "created_ms": at // 1000,
            "status": word,
            "status_upper": word.upper(),
            "previous": None if before is None else self._tasks.word(before),
            "task_id": task_id,
            "task": task,
        }
        frame = (_line(self.id, values), _line(self.name, values))
        return ToldEvent(sequence, *frame, filled(self.event, values))

    def listed(self, task_id: str, events: Sequence[ToldEvent]) -> Any:
        """The events as one JSON value."""
        bodies = [each.body for each in events]
        return filled(self.list, {"events": bodies, "task_id": task_id})


def _before(task: Task, step: Transition, lifecycle: Lifecycle) -> str | None:
    """The status that a task had before a step."""
    steps = [each.status for each in timeline(task, lifecycle)]
    at = steps.index(step.status)
    return steps[at - 1] if at else None


def _line(template: str | None, values: Mapping[str, Any]) -> str | None:
    found = ABSENT if template is None else filled(template, values)
    return None if found is ABSENT else str(found)
