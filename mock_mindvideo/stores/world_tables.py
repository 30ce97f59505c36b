"""The tables of one world in memory.

A row is one `bytes` object (`rows.py`), and the tables hold nothing but strings and bytes. So the
garbage collector does not track them at all: with objects instead, one full collection over a
million tasks stops the server for seconds. And the tables are few: each entry in a large one is
memory that the processor has to fetch.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from heapq import heapify, heappop, heappush
from itertools import islice

from mock_mindvideo.domain.in_flight import Flight
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import NEVER, settlement
from mock_mindvideo.domain.task import UNCOUNTED, Task
from mock_mindvideo.domain.work import Work
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.rows import END, Rows, instant

#: Bytes of a task beside its row: two table entries, its id, its idempotency key, and what the
#: allocator loses.
OVERHEAD = 350


#: Rows that are let go of in one step, and ended tasks that are dropped at once.
MANY, FEW = 2000, 64

_NOTHING = 0, NEVER, Decimal(0)


class WorldTables:
    """One world's tables. A row begins with the task's end, NEVER for one that has none."""

    __slots__ = (
        "_asked",
        "_due",
        "_flight",
        "_given",
        "_lasting",
        "_oldest",
        "_since",
        "begun",
        "busy_until",
        "by_idempotency_key",
        "full_until",
        "kind",
        "number",
        "refunds",
        "rows",
        "size",
        "state",
        "used",
    )

    def __init__(self, state: WorldState, used: Instant, kind: Rows) -> None:
        self.kind = kind
        self.begun = self.state = state
        self.used = used
        self.number = 0
        self.size = 0
        self.full_until: Instant = 0
        self.busy_until: Instant | None = 0
        self.rows: dict[str, bytes] = {}
        self.by_idempotency_key: dict[str, str] = {}
        self.refunds: dict[str, tuple[int, Instant, Decimal]] = {}
        self._since = -1  # the number of the task from which on `_given` adds up; -1: anew
        self._asked: Instant = 0
        self._given = Decimal(0)
        self._due: list[tuple[Instant, str]] = []
        self._oldest: deque[str] = deque()  # ended tasks that are to be dropped next
        self._flight: Flight | None = None  # of the bound that was asked for last
        self._lasting: set[str] = set()  # what the world was furnished with: nobody made it

    def task(self, task_id: str) -> Task:
        return self.kind.unpack(self.rows[task_id])

    def put(self, task: Task, lifecycle: Lifecycle) -> int:
        """Write a task over its former row; returns the bytes it adds."""
        task_id = task.id
        former = self.rows.get(task_id)
        ends_at, refund = settlement(task, lifecycle)
        if task.number == UNCOUNTED:
            self._lasting.add(task_id)
        if former is not None:
            self._withdraw(task_id, ends_at)
        self.rows[task_id] = row = self.kind.pack(task, ends_at)
        if self._flight is not None:
            if former is None:
                self._flight.add(ends_at)
            else:
                self._flight = None
        if refund:
            self.refunds[task_id] = (task.number, ends_at, refund)
            if self._since >= 0:
                heappush(self._due, (ends_at, task_id))
        added = len(row) + OVERHEAD if former is None else len(row) - len(former)
        self.full_until = 0
        if former is not None:
            self.busy_until = None
        elif self.busy_until is not None:
            self.busy_until = max(self.busy_until, ends_at)
        self.size += added
        return added

    def drop(self, task_id: str) -> int:
        """Forget a task and its idempotency key; returns the bytes that frees."""
        row = self.rows.pop(task_id)
        freed = len(row) + OVERHEAD
        if (refund := self.refunds.pop(task_id, None)) is not None:
            self._give_back(*refund)
        if (key := self.kind.idempotency_key(row)) is not None:
            del self.by_idempotency_key[key]
        self.size -= freed
        return freed

    def _give_back(self, number: int, _: Instant, refund: Decimal) -> None:
        """Settle what a dropped task gives back, since nothing will tell of it any more."""
        if number >= self.state.credit_from:
            committed = self.state.committed - refund
            self.state = replace(self.state, committed=committed)
            self._since = -1

    def refunded(self, now: Instant) -> Decimal:
        """What the tasks that count for the credit have given back by `now`.

        Each is added up once: those to come are kept in the order of their ends.
        """
        if self._since != self.state.credit_from or now < self._asked:
            self._begin()
        self._asked = now
        while self._due and self._due[0][0] <= now:
            ends_at, task_id = heappop(self._due)
            number, end, refund = self.refunds.get(task_id, _NOTHING)
            if end == ends_at and number >= self._since:
                self._given += refund
        return self._given

    def free_at(self, most: int) -> Instant:
        """From when on fewer than `most` tasks have not ended; 0 if they are fewer by now.

        The latest ends are kept as long as tasks are only added.
        """
        if self._flight is None or self._flight.most != most:
            self._flight = Flight(most)
            for row in self.rows.values():
                self._flight.add(int.from_bytes(row[:END]))
        return self._flight.free_at

    def _withdraw(self, task_id: str, ends_at: Instant) -> None:
        """Forget what a task would have given back, which ends at `ends_at` now."""
        _, end, _ = self.refunds.pop(task_id, _NOTHING)
        if end in (self._asked, ends_at) or end < self._asked:
            self._since = -1  # it was added up, or would be twice

    def _begin(self) -> None:
        """Add up anew, from the task on from which the credit counts."""
        self._since, self._given = self.state.credit_from, Decimal(0)
        self._due = [
            (ends_at, task_id)
            for task_id, (number, ends_at, _) in self.refunds.items()
            if number >= self._since
        ]
        heapify(self._due)

    def empty(self) -> Work[None]:
        """Let go of the rows, many at a time: to free millions of them at once takes long."""
        while self.rows:
            for _ in range(min(MANY, len(self.rows))):
                self.rows.popitem()
            yield

    def drop_ended(self, now: Instant, enough: int) -> tuple[int, int]:
        """Forget some of the oldest tasks that have ended; how many, how many bytes.

        A sixteenth of all tasks is found at once, so that the walk over those that have not ended
        is paid only rarely; they are dropped a few at a time, until `enough` bytes are free. And
        where none has ended, there is no walk again before the first one does.
        """
        if now < self.full_until:
            return 0, 0
        if not self._oldest:
            self._oldest.extend(islice(self._ended(now), max(1, len(self.rows) // 16)))
        if not self._oldest:
            ends = (row[:END] for task_id, row in self.rows.items() if task_id not in self._lasting)
            self.full_until = int.from_bytes(min(ends, default=instant(NEVER)))
        count = freed = 0
        while self._oldest and count < FEW and freed < enough:
            freed += self.drop(self._oldest.popleft())
            count += 1
        return count, freed

    def _ended(self, now: Instant) -> Iterator[str]:
        last = instant(now)
        for task_id, row in self.rows.items():
            if row[:END] <= last and task_id not in self._lasting:
                yield task_id

    @property
    def bare(self) -> bool:
        """Whether nothing was done in the world but to ask for it: made anew, it is the same."""
        return not self.rows and self.number == 0 and self.state == self.begun

    def idle(self, now: Instant) -> bool:
        """Whether every task has ended by `now`.

        The last end of all is remembered, and looked for again only after a task was moved: those
        that are dropped have ended, so they are not the ones that keep a world busy.
        """
        if self.busy_until is None:
            ends = (row[:END] for row in self.rows.values())
            self.busy_until = int.from_bytes(max(ends, default=b""))
        return self.busy_until <= now
