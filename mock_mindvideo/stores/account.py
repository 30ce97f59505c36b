"""The tables of one world in memory.

A row is one `bytes` object, and the tables hold nothing but strings, bytes and integers. So the
garbage collector does not track them at all: with objects instead, one full collection over a
million tasks stops the server for a large part of a second.
"""

import marshal
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import settlement
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState

#: Bytes of a task beside its row: three table entries, its id, its key.
OVERHEAD = 500


class Account:
    """One world's tables. `ends` holds each task's end, NEVER for one that has none."""

    __slots__ = (
        "by_key",
        "ends",
        "full_until",
        "number",
        "refunds",
        "rows",
        "size",
        "state",
        "used",
    )

    def __init__(self, state: WorldState, used: Instant) -> None:
        self.state = state
        self.used = used
        self.number = 0
        self.size = 0
        self.full_until: Instant = 0
        self.rows: dict[str, bytes] = {}
        self.ends: dict[str, Instant] = {}
        self.by_key: dict[str, str] = {}
        self.refunds: dict[str, tuple[int, Instant, Decimal]] = {}

    def task(self, task_id: str) -> Task:
        return unpack(self.rows[task_id])

    def put(self, task: Task, lifecycle: Lifecycle) -> int:
        """Write a task over its former row; returns the bytes it adds."""
        task_id = task.id
        former = self.rows.get(task_id)
        if former is not None:
            self.refunds.pop(task_id, None)
        ends_at, refund = settlement(task, lifecycle)
        self.rows[task_id] = row = marshal.dumps(tuple(task))
        self.ends[task_id] = ends_at
        if refund:
            self.refunds[task_id] = (task.number, ends_at, refund)
        added = len(row) + OVERHEAD if former is None else len(row) - len(former)
        self.full_until = 0
        self.size += added
        return added

    def drop(self, task_id: str) -> int:
        """Forget a task and its key; returns the bytes that frees."""
        task = self.task(task_id)
        freed = len(self.rows.pop(task_id)) + OVERHEAD
        del self.ends[task_id]
        self._give_back(self.refunds.pop(task_id, None))
        if task.idempotency_key is not None:
            del self.by_key[task.idempotency_key]
        self.size -= freed
        return freed

    def _give_back(self, refund: tuple[int, Instant, Decimal] | None) -> None:
        """Settle what a dropped task gives back, since nothing will tell of it any more."""
        if refund is not None and refund[0] >= self.state.credit_from:
            committed = self.state.committed - refund[2]
            self.state = replace(self.state, committed=committed)

    def refunded(self, now: Instant) -> Decimal:
        since = self.state.credit_from
        amounts = (
            refund
            for number, ends_at, refund in self.refunds.values()
            if number >= since and ends_at <= now
        )
        return sum(amounts, Decimal(0))

    def drop_ended(self, now: Instant) -> tuple[int, int]:
        """Forget the oldest sixteenth of the tasks that have ended; how many, how many bytes.

        A sixteenth at once, so that the walk over those that have not is paid only rarely; and
        where none has, no walk again before the first one does.
        """
        if now < self.full_until:
            return 0, 0
        ended = (task_id for task_id, end in self.ends.items() if end <= now)
        oldest = list(islice(ended, max(1, len(self.rows) // 16)))
        if not oldest:
            self.full_until = min(self.ends.values(), default=0)
        return len(oldest), sum([self.drop(task_id) for task_id in oldest])

    def idle(self, now: Instant) -> bool:
        """Whether every task has ended by `now`."""
        return all(end <= now for end in self.ends.values())

    def unfinished(self, now: Instant) -> Iterator[Task]:
        return (self.task(task_id) for task_id, end in self.ends.items() if end > now)


def unpack(row: bytes) -> Task:
    """The task in a row."""
    return Task._make(marshal.loads(row))  # noqa: S302 - written by this process
