"""The ledger: what tasks hold, cost and give back. Derived from the tasks, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, reached, timeline
from mock_mindvideo.domain.work import Work, in_order

#: Entries that are put in order in one step.
_STEP = 256


class Posting(NamedTuple):
    """Money moving: `hold` at create, then `charge` or `release` when the task ends."""

    at: Instant
    kind: str
    task_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """Holds, charges and releases at one moment.

    `credit` is what is left to spend, None without a limit.
    """

    held: Decimal
    charged: Decimal
    credit: Decimal | None
    entries: tuple[Posting, ...]


def entries_of(task: Task, lifecycle: Lifecycle, now: Instant) -> tuple[Posting, ...]:
    """What one task has moved by `now`."""
    estimate = Decimal(task.estimate)
    hold = Posting(task.created_at, "hold", task.id, estimate)
    last = reached(timeline(task, lifecycle), now)[-1]
    if not lifecycle.ended(last.status):
        return (hold,)
    cost = task.cost(last.status)
    settled = [Posting(last.at, "charge", task.id, cost)] if cost else []
    if cost < estimate:
        settled.append(Posting(last.at, "release", task.id, estimate - cost))
    return (hold, *settled)


def ledger(
    tasks: Iterable[Task],
    lifecycle: Lifecycle,
    now: Instant,
    credit: Decimal | None,
    newest: int | None = None,
) -> Work[Ledger]:
    """The ledger of `tasks` at `now`, with all entries or the `newest`, in the order of time."""
    totals = dict.fromkeys(("hold", "charge", "release"), Decimal(0))
    entries: list[Posting] = []
    most = None if newest is None else 2 * newest
    for task in tasks:
        for entry in entries_of(task, lifecycle, now):
            totals[entry.kind] += entry.amount
            entries.append(entry)
        if most is not None and len(entries) > most:
            entries = (yield from _sorted(entries))[-newest:]  # type: ignore[operator]
        yield
    charged = totals["charge"]
    held = totals["hold"] - totals["release"] - charged
    kept = (yield from _sorted(entries))[0 if newest is None else -newest :]
    return Ledger(held, charged, credit, tuple(kept))


def _sorted(entries: list[Posting]) -> Work[list[Posting]]:
    ordered = []
    for entry in (yield from in_order(entries, attrgetter("at"))):
        ordered.append(entry)
        if len(ordered) % _STEP == 0:
            yield
    return ordered
