"""A journal in memory: bounded by entries and bytes, over all worlds together."""

import marshal
from collections import Counter, deque
from itertools import islice, takewhile
from typing import NamedTuple

from mock_mindvideo.domain.journal import Entry, LogPage

#: Bytes of a row beside its texts.
_OVERHEAD = 200


class _Row(NamedTuple):
    world: str
    packed: bytes
    number: int
    act: bool

    @property
    def entry(self) -> Entry:
        return Entry._make(marshal.loads(self.packed))  # noqa: S302 - written by this process

    @property
    def size(self) -> int:
        return len(self.packed) + _OVERHEAD


class Ring:
    """The newest entries of all worlds. A row is one `bytes` object: see `world_tables.py`.

    An entry that was kept as it is would hold on to the buffers of its request and answer, and
    every later request would have to be given cold memory for its own.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._rows: deque[_Row] = deque()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        self._acts = 0
        self._last = 0
        self._lost = 0
        self.dropped = 0
        self.forgotten: Counter[str] = Counter()

    def add(self, world: str, entry: Entry) -> None:
        self._last += 1
        row = _Row(world, marshal.dumps(tuple(entry)), self._last, entry.act is not None)
        self._rows.append(row)
        self._bytes += len(row[1]) + _OVERHEAD
        self._acts += row[3]
        while len(self._rows) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(self._rows.popleft())

    def _drop(self, row: _Row) -> None:
        self._bytes -= row.size
        self._acts -= row.act
        self._lost = row.number
        self.dropped += not row.act
        self.forgotten[row.world] += not row.act

    def of(self, world: str, newest: int) -> tuple[Entry, ...]:
        """The world's newest exchanges, oldest first."""
        mine = (row for row in reversed(tuple(self._rows)) if row.world == world and not row.act)
        return tuple(reversed([row.entry for row in islice(mine, newest)]))

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """See `Store`."""
        if after is None:
            return LogPage((), self._last)
        newer = takewhile(lambda row: row.number > after, reversed(self._rows))
        mine = [row for row in newer if row.world == world][-most:]
        entries = tuple((row.number, row.entry) for row in reversed(mine))
        last = entries[-1][0] if len(entries) == most else self._last
        return LogPage(entries, last, lost=self._lost > after)

    def forget(self, world: str) -> None:
        del self.forgotten[world]
        self._rows = deque([row for row in self._rows if row.world != world])
        self._bytes = sum(row.size for row in self._rows)
        self._acts = sum(row.act for row in self._rows)

    def __len__(self) -> int:
        return len(self._rows) - self._acts
