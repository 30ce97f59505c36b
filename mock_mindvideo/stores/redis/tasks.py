"""A task as a row: a line that scripts read, its facts as JSON, and its input as it is."""

from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import settlement
from mock_mindvideo.domain.task import Task
from mock_mindvideo.stores.encoding import DamagedError

#: Amounts that scripts can add up are whole millionths, and fewer than a double can count.
MICRO = Decimal(1_000_000)
MOST = 1 << 53

_FACTS = tuple(name for name in Task._fields if name not in ("id", "request_id", "number", "input"))


class Row(NamedTuple):
    """What a script makes a row of, beside number and ids."""

    ends: str
    refund: str
    micros: str
    rest: bytes


def row_of(task: Task, lifecycle: Lifecycle) -> Row:
    """The row of a task, with what is indexed of it."""
    ends_at, refund = settlement(task, lifecycle)
    facts = orjson.dumps([getattr(task, name) for name in _FACTS])
    micros = in_micros(refund) if refund else None
    return Row(
        moment(ends_at),
        str(refund) if refund else "",
        "x" if micros is None else str(micros),
        facts + b"\n" + task.input,
    )


def task_in(row: bytes) -> Task:
    """The task in a row. Raises DamagedError."""
    try:
        first, _, rest = row.partition(b"\n")
        return task_of(first, rest)
    except (LookupError, TypeError, ValueError) as problem:
        raise DamagedError(f"a task cannot be read: {problem!r}") from None


def task_of(first: bytes, rest: bytes) -> Task:
    """The task of a row's first line and what follows it."""
    head = orjson.loads(first)
    facts, _, given = rest.partition(b"\n")
    # What a task had no fact of when it was written has its default.
    named: dict[str, Any] = dict(zip(_FACTS, orjson.loads(facts), strict=False))
    named["stays"] = tuple(tuple(each) for each in named["stays"])
    named["moves"] = tuple(tuple(each) for each in named["moves"])
    return Task(id=head[4], request_id=head[5], number=int(head[3]), input=given, **named)


def moment(at: Instant) -> str:
    """A moment as text whose order is that of time."""
    return f"{at:019d}"


def in_micros(amount: Decimal) -> int | None:
    """An amount in millionths, None where they cannot say it."""
    micros = amount * MICRO
    whole = int(micros)
    return whole if whole == micros and abs(whole) < MOST else None
