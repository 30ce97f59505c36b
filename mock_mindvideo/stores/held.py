"""What is written in batches, so that no request waits for it."""

from collections import Counter, deque
from threading import Lock
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Held(Generic[Row]):
    """Rows that are held back until the next flush, `most` of them; then the oldest go.

    Each begins with the name of its world; `dropped` counts those that went, by world.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._rows: deque[Row] = deque()
        self.dropped: Counter[str] = Counter()

    def add(self, row: Row) -> int:
        """Hold a row back; how many there are now."""
        with self._lock:
            self._rows.append(row)
            self._trim()
            return len(self._rows)

    def take(self) -> list[Row]:
        """All rows, to be written."""
        with self._lock:
            rows = list(self._rows)
            self._rows.clear()
        return rows

    def give_back(self, rows: list[Row]) -> None:
        """Hold rows back again that could not be written."""
        with self._lock:
            self._rows.extendleft(reversed(rows))
            self._trim()

    def forget(self, world: str) -> None:
        """Drop the rows of a world."""
        with self._lock:
            del self.dropped[world]
            kept = [row for row in self._rows if row[0] != world]  # type: ignore[index]
            self._rows = deque(kept)

    def _trim(self) -> None:
        while len(self._rows) > self._most:
            row = self._rows.popleft()
            self.dropped[row[0]] += 1  # type: ignore[index]
