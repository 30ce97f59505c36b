"""A journal in memory: bounded by entries and bytes, over all worlds together."""

import marshal
from collections import Counter, deque
from itertools import islice

from mock_mindvideo.domain.journal import Entry

#: Bytes of a row beside its texts.
_OVERHEAD = 200


class Ring:
    """The newest entries of all worlds. A row is one `bytes` object: see `world_tables.py`.

    An entry that was kept as it is would hold on to the buffers of its request and answer, and
    every later request would have to be given cold memory for its own.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._rows: deque[tuple[str, bytes]] = deque()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        self.dropped = 0
        self.forgotten: Counter[str] = Counter()

    def add(self, world: str, entry: Entry) -> None:
        row = marshal.dumps(tuple(entry))
        self._rows.append((world, row))
        self._bytes += len(row) + _OVERHEAD
        while len(self._rows) > self._max_entries or self._bytes > self._max_bytes:
            loser, row = self._rows.popleft()
            self._bytes -= len(row) + _OVERHEAD
            self.dropped += 1
            self.forgotten[loser] += 1

    def of(self, world: str, newest: int) -> tuple[Entry, ...]:
        """The world's newest entries, oldest first."""
        mine = (row for name, row in reversed(tuple(self._rows)) if name == world)
        found = [Entry._make(marshal.loads(row)) for row in islice(mine, newest)]  # noqa: S302
        return tuple(reversed(found))

    def forget(self, world: str) -> None:
        del self.forgotten[world]
        self._rows = deque([each for each in self._rows if each[0] != world])
        self._bytes = sum(len(row) + _OVERHEAD for _, row in self._rows)

    def __len__(self) -> int:
        return len(self._rows)
