"""A journal in memory: bounded by entries and bytes, over all worlds together."""

from collections import deque
from itertools import islice

from mock_mindvideo.domain.journal import Entry, weight


class Ring:
    """The newest entries of all worlds. Rows are plain tuples of atoms: see `memory.py`."""

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._rows: deque[tuple[object, ...]] = deque()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        self.dropped = 0

    def add(self, world: str, entry: Entry) -> None:
        size = weight(entry)
        self._rows.append((world, size, *entry))
        self._bytes += size
        while len(self._rows) > self._max_entries or self._bytes > self._max_bytes:
            _, freed, *_ = self._rows.popleft()
            self._bytes -= int(str(freed))
            self.dropped += 1

    def of(self, world: str, newest: int) -> tuple[Entry, ...]:
        """The world's newest entries, oldest first."""
        mine = (row for row in reversed(tuple(self._rows)) if row[0] == world)
        found = [Entry._make(row[2:]) for row in islice(mine, newest)]
        return tuple(reversed(found))

    def forget(self, world: str) -> None:
        kept = [row for row in self._rows if row[0] != world]
        self._rows = deque(kept)
        self._bytes = sum(int(str(row[1])) for row in kept)

    def __len__(self) -> int:
        return len(self._rows)
