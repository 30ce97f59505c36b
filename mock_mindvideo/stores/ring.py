"""A journal in memory: bounded by entries and bytes, over all worlds together."""

import marshal
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any

from mock_mindvideo.domain.journal import MOST_ACTS, Entry, LogPage, Note, entry_of
from mock_mindvideo.stores.rows import FLAT

#: Bytes of a row beside its texts.
_OVERHEAD = 200


#: World, packed note, number, whether it is an act. A plain tuple of atoms is not tracked either.
_Row = tuple[str, bytes, int, bool]


class Ring:
    """The newest entries of all worlds. A row is one `bytes` object: see `world_tables.py`.

    A note that was kept as it is would hold on to the buffers of its request and answer, and
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

    def add(self, world: str, note: Note) -> None:
        self._last += 1
        values: tuple[Any, ...] = note
        row = marshal.dumps(tuple(values), FLAT)
        act = note.act is not None
        self._rows.append((world, row, self._last, act))
        self._bytes += len(row) + _OVERHEAD
        self._acts += act
        while self._full():
            self._drop(self._rows.popleft())

    def _full(self) -> bool:
        """Whether the oldest has to go. Acts take no exchange's place: they are counted apart."""
        if self._bytes > self._max_bytes or self._acts > MOST_ACTS:
            return True
        return len(self._rows) - self._acts > self._max_entries

    def _drop(self, row: _Row) -> None:
        world, packed, self._lost, act = row
        self._bytes -= len(packed) + _OVERHEAD
        self._acts -= act
        self.dropped += not act
        self.forgotten[world] += not act

    def of(self, world: str, newest: int) -> Iterator[Entry]:
        """The world's newest exchanges as of the call, oldest first, made one by one."""
        rows = reversed(self._rows)
        mine = (packed for name, packed, _, act in rows if name == world and not act)
        return map(_entry, reversed(list(islice(mine, newest))))

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """See `Store`."""
        if after is None:
            return LogPage((), self._last)
        newer = takewhile(lambda row: row[2] > after, reversed(self._rows))
        mine = [row for row in newer if row[0] == world][-most:]
        entries = tuple((number, _entry(packed)) for _, packed, number, _ in reversed(mine))
        last = entries[-1][0] if len(entries) == most else self._last
        return LogPage(entries, last, lost=self._lost > after)

    def forget(self, world: str) -> None:
        del self.forgotten[world]
        self._rows = deque([row for row in self._rows if row[0] != world])
        self._bytes = sum(len(row[1]) + _OVERHEAD for row in self._rows)
        self._acts = sum(row[3] for row in self._rows)

    def __len__(self) -> int:
        return len(self._rows) - self._acts


def _entry(packed: bytes) -> Entry:
    return entry_of(Note._make(marshal.loads(packed)))  # noqa: S302 - written by this process
