"""How the API says what it says: a platform's file, read once into values and plain functions.

What is said, the facts of a task and why a request is refused, is the mock's in any dialect; how,
with which status, members and headers, is the dialect's. Nothing here is looked up in the file
while a request is answered.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from mock_mindvideo.domain.dialect.events import EventForm, ToldEvent
from mock_mindvideo.domain.dialect.extensions import Extensions
from mock_mindvideo.domain.dialect.ids import IdForms
from mock_mindvideo.domain.dialect.refusals import Refusals
from mock_mindvideo.domain.dialect.tasks import TaskForm
from mock_mindvideo.domain.dialect.template import ABSENT, filled
from mock_mindvideo.domain.dialect.webhooks import WebhookForm, webhook_form
from mock_mindvideo.domain.instant import Instant, microseconds
from mock_mindvideo.platform import PLATFORM

__all__ = [
    "ABSENT",
    "Dialect",
    "EventForm",
    "Extensions",
    "IdForms",
    "Refusals",
    "TaskForm",
    "ToldEvent",
    "dialect_of",
    "filled",
    "in_own_words",
    "own_dialect",
]

#: A header line: its name in lower case, its value.
HeaderLine = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answers:
    """Statuses and headers of answers that are no refusals.

    `cors` is whether every page may read them, `advice` whether the mock adds its own to them;
    `waiting` is the status of a look at a task that has not ended, `first` whether a replay shows a
    task as it was at first. `replayed` is the line that marks a replay, `request_id` the name of
    the header that names a request, which is `named` as lines have it; empty where there is none.
    `content_type` is the line that says `media_type`.
    """

    media_type: str
    submit: int
    replay: int
    look: int
    waiting: int
    first: bool
    replayed: HeaderLine | None
    request_id: str
    named: bytes
    cors: bool
    advice: bool
    content_type: HeaderLine

    def naming(self, request_id: str) -> list[HeaderLine]:
        """The header lines that name a request: one, or none."""
        return [(self.named, request_id.encode())] if self.named else []


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things last: links in seconds, others in microseconds; 0 is for ever."""

    links: float
    tasks: Instant
    keys: Instant


@dataclass(frozen=True, slots=True)
class Dialect:
    """Everything that a platform's file says of answers; `replayed` is a header's name."""

    ids: IdForms
    answers: Answers
    replayed: str
    refusals: Refusals
    tasks: TaskForm
    events: EventForm
    lifetimes: Lifetimes
    extensions: Extensions
    webhooks: WebhookForm | None

    @property
    def header_names(self) -> tuple[str, ...]:
        """The dialect's own headers of answers, as they are written."""
        names = (self.answers.request_id, *self._marks, *self.refusals.headers)
        return tuple(filter(None, names))

    @property
    def _marks(self) -> tuple[str, ...]:
        return () if self.answers.replayed is None else (self.replayed,)


@cache
def own_dialect() -> Dialect:
    """The packaged dialect, in which the mock speaks for itself."""
    return dialect_of(asdict(PLATFORM))


def in_own_words(dialect: Dialect) -> Dialect:
    """The packaged dialect with the ids of another: how the control plane speaks of its tasks."""
    return replace(own_dialect(), ids=dialect.ids)


def dialect_of(raw: Mapping[str, Any]) -> Dialect:
    """The dialect in a platform's file, whose form was checked."""
    ids, errors, lifetimes = IdForms(**raw["ids"]), raw["errors"], raw["lifetimes"]
    tasks = TaskForm(raw["tasks"])
    return Dialect(
        ids=ids,
        answers=_answers(raw["answers"], raw["headers"]),
        replayed=raw["headers"]["replayed"],
        refusals=Refusals(
            errors["media_type"],
            errors["envelope"],
            errors["nulls"],
            errors["refusals"],
            errors["headers"],
            frozenset(name.lower() for name in errors.get("without", ())),
            errors.get("schemas", {}),
        ),
        tasks=tasks,
        events=EventForm(raw["events"], tasks, ids),
        lifetimes=Lifetimes(
            lifetimes["links"],
            microseconds(lifetimes["tasks"]),
            microseconds(lifetimes["keys"]),
        ),
        extensions=Extensions(raw["extensions"]),
        webhooks=webhook_form(raw["extensions"]["webhooks"]),
    )


def _answers(raw: Mapping[str, Any], headers: Mapping[str, str]) -> Answers:
    mark = raw.get("replayed")
    name = headers["replayed"].lower().encode()
    request_id = headers.get("request_id", "")
    return Answers(
        raw["media_type"],
        raw["submit"],
        raw["replay"],
        raw["look"],
        raw.get("waiting", raw["look"]),
        raw.get("replays") == "first",
        None if mark is None else (name, mark.encode()),
        request_id,
        request_id.lower().encode(),
        raw["cors"],
        raw["advice"],
        (b"content-type", raw["media_type"].encode()),
    )
