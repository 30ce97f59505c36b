"""A task as one `bytes` object: when it ends, then its facts.

What a model and a plan bring with them is the same for nearly all tasks. It is kept once, in a
table of the store, and a row holds its number there; so a row is short, and fast to write.
"""

import marshal
from typing import Any

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.task import Task

#: Bytes at the start of a row that say when the task ends; they are in the order of time.
END = 8

#: The version of `marshal`'s form that does not look whether an object came before in the same row,
#: which takes two thirds of the time and saves a few bytes.
FLAT = 2

#: The first members of a task, which nearly all have alike.
COMMON = Task._fields.index("id")
Common = tuple[Any, ...]

#: Where the idempotency key stands among the others.
_KEY = Task._fields.index("idempotency_key") - COMMON

#: Entries of the table. Scripts can make up as many plans as they like; those beyond stand in
#: their rows.
MOST = 4096


class Rows:
    """Tasks to rows and back; `unpack` may be called by any thread at any time."""

    def __init__(self) -> None:
        self._table: list[Common] = []
        self._places: dict[Common, int] = {}

    def pack(self, task: Task, ends_at: Instant) -> bytes:
        """The row of a task. Called under the store's lock."""
        common, own = task[:COMMON], task[COMMON:]
        known = self._places.get(common)
        place = self._learned(common) if known is None else known
        return instant(ends_at) + marshal.dumps((place, own), FLAT)

    def unpack(self, row: bytes) -> Task:
        """The task in a row that this table has packed."""
        place, own = marshal.loads(row[END:])  # noqa: S302 - written by this process
        common = self._table[place] if isinstance(place, int) else place
        return Task._make(common + own)

    @staticmethod
    def idempotency_key(row: bytes) -> str | None:
        """The key under which the task in a row was made."""
        key: str | None = marshal.loads(row[END:])[1][_KEY]  # noqa: S302 - written by this process
        return key

    def _learned(self, common: Common) -> int | Common:
        """Its new place in the table, or itself if there is no room."""
        if len(self._table) >= MOST:
            return common
        self._table.append(common)
        return self._places.setdefault(common, len(self._table) - 1)


def instant(at: Instant) -> bytes:
    """A moment as the first bytes of a row."""
    return at.to_bytes(END)
