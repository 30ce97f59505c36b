"""What is written in batches, so that no request waits for it."""

from collections import Counter
from itertools import count
from threading import Lock
from typing import Any, Generic, TypeVar

from mock_mindvideo.stores.shares import Shares

AnyRow = TypeVar("AnyRow", bound=tuple[Any, ...])


class Held(Generic[AnyRow]):
    """Rows that are held back until the next flush, `most` of them; then some go, by `shares`.

    Each begins with the name of its world; `dropped` counts those that went, by world.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._numbers = count()
        self._rows: Shares[AnyRow] = Shares(most)
        self.dropped: Counter[str] = Counter()

    def add(self, row: AnyRow) -> int:
        """Hold a row back; how many there are now."""
        with self._lock:
            self._keep(row)
            return len(self._rows)

    def take(self) -> list[AnyRow]:
        """All rows, to be written."""
        with self._lock:
            return self._taken()

    def give_back(self, rows: list[AnyRow]) -> None:
        """Hold rows back again that could not be written."""
        with self._lock:
            for row in [*rows, *self._taken()]:
                self._keep(row)

    def forget(self, world: str) -> None:
        """Drop the rows of a world."""
        with self._lock:
            del self.dropped[world]
            self._rows.forget(world)

    def _taken(self) -> list[AnyRow]:
        rows, self._rows = self._rows, Shares(self._most)
        return [row for _, _, row, _ in rows.oldest()]

    def _keep(self, row: AnyRow) -> None:
        self._rows.add(next(self._numbers), row[0], row, 1)
        if len(self._rows) > self._most:
            _, world, _, _ = self._rows.pop()
            self.dropped[world] += 1
