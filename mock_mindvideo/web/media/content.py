"""The bytes of a file, wherever they are kept, in pieces that a client's connection takes."""

from collections.abc import AsyncIterator
from typing import Protocol

#: Bytes in a piece, at most.
PIECE = 128 * 1024


class Content(Protocol):
    """Bytes of a known number."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """Those from `first` to `last`, both included, in pieces of at most PIECE."""


class InMemory:
    """One object, shared by all who are sent it."""

    def __init__(self, body: bytes) -> None:
        self.size = len(body)
        self._body = memoryview(body)

    async def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """See `Content`."""
        for start in range(first, last + 1, PIECE):
            yield bytes(self._body[start : min(start + PIECE, last + 1)])
