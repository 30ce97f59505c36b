"""Those who wait, in a line for each caller. Callers take turns."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class CallerLines(Generic[Item]):
    """A line for each caller of whom something waits, the next caller first."""

    def __init__(self) -> None:
        self._lines: dict[bytes, deque[Item]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, caller: bytes) -> bool:
        return caller in self._lines

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._lines)

    def add(self, caller: bytes, item: Item) -> None:
        """Let it wait behind all that wait for that caller."""
        self._lines.setdefault(caller, deque()).append(item)

    def take(self, caller: bytes) -> Item:
        """The first of that caller, who is the last one then; raises KeyError if none waits."""
        line = self._lines.pop(caller)
        item = line.popleft()
        if line:
            self._lines[caller] = line
        return item
