"""The ledger: what tasks hold, cost and give back. Derived from the tasks, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, reached, timeline


class LedgerEntry(NamedTuple):
    """Money moving: `hold` at create, then `charge` or `release` when the task ends."""

    at: Instant
    kind: str
    task_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """The account at one moment. `credit` is what is left to spend, None without a limit."""

    held: Decimal
    charged: Decimal
    credit: Decimal | None
    entries: tuple[LedgerEntry, ...]


def entries_of(task: Task, lifecycle: Lifecycle, now: Instant) -> tuple[LedgerEntry, ...]:
    """What one task has moved by `now`."""
    estimate = Decimal(task.estimate)
    hold = LedgerEntry(task.created_at, "hold", task.id, estimate)
    last = reached(timeline(task, lifecycle), now)[-1]
    if not lifecycle.ended(last.status):
        return (hold,)
    cost = task.cost(last.status)
    settled = [LedgerEntry(last.at, "charge", task.id, cost)] if cost else []
    if cost < estimate:
        settled.append(LedgerEntry(last.at, "release", task.id, estimate - cost))
    return (hold, *settled)


def ledger(
    tasks: Iterable[Task], lifecycle: Lifecycle, now: Instant, credit: Decimal | None
) -> Ledger:
    """The account of `tasks` at `now`, entries in the order of time."""
    entries = [entry for task in tasks for entry in entries_of(task, lifecycle, now)]
    entries.sort(key=lambda entry: entry.at)

    def total(kind: str) -> Decimal:
        return sum((entry.amount for entry in entries if entry.kind == kind), Decimal(0))

    charged = total("charge")
    held = total("hold") - total("release") - charged
    return Ledger(held, charged, credit, tuple(entries))
