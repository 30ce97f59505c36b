"""The bytes of a file, wherever they are kept, in pieces that a client's connection takes."""

from collections.abc import AsyncIterator
from typing import Protocol

from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.stores.files import Files


class ContentGone(Exception):
    """The file was dropped while it was read; nothing can be sent in its place."""


class Content(Protocol):
    """Bytes of a known number."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """Those from `first` to `last`, both included, in pieces of at most PIECE.

        Raises ContentGone.
        """


class InMemory:
    """One object, shared by all who are sent it."""

    def __init__(self, body: bytes) -> None:
        self.size = len(body)
        self._body = memoryview(body)

    async def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """See `Content`."""
        for start in range(first, last + 1, PIECE):
            yield bytes(self._body[start : min(start + PIECE, last + 1)])


class InStore:
    """An uploaded file, of which one piece at a time is fetched."""

    def __init__(self, files: Files, world: str, upload: Upload) -> None:
        self.size = upload.size
        self._files = files
        self._world = world
        self._id = upload.id

    async def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """See `Content`."""
        for number in range(first // PIECE, last // PIECE + 1):
            piece = self._files.piece(self._world, self._id, number)
            if piece is None:
                raise ContentGone
            start = number * PIECE
            yield piece[max(0, first - start) : last + 1 - start]
