"""The bytes of a file, wherever they are kept, in pieces that a client's connection takes."""

import struct
from collections.abc import AsyncIterator
from typing import Protocol

from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.stores.files import Files

#: The head of an MP4 box: its size and type; with the size 1, the true one follows.
_FREE, _FREE_WIDE = struct.Struct(">I4s"), struct.Struct(">I4sQ")
_MOST_NARROW = (1 << 32) - 1


class ContentGone(Exception):
    """The file was dropped while it was read; nothing can be sent in its place."""


class Content(Protocol):
    """Bytes of a known number."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

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


class Padded:
    """An MP4 with a box behind it that players skip, up to `size`: zeros that nobody holds.

    The box begins with `own`, so that files of one clip differ. Where there is no room for the
    box, the clip is as long as it is.
    """

    def __init__(self, clip: bytes, own: bytes, size: int) -> None:
        free = size - len(clip)
        wide = free > _MOST_NARROW
        head = _FREE_WIDE.pack(1, b"free", free) if wide else _FREE.pack(max(free, 0), b"free")
        fits = free >= len(head) + len(own)
        self._held = memoryview(clip + head + own if fits else clip)
        self.size = size if fits else len(clip)

    async def read(self, first: int, last: int) -> AsyncIterator[bytes]:
        """See `Content`."""
        for start in range(first, last + 1, PIECE):
            end = min(start + PIECE, last + 1)
            held = bytes(self._held[start:end])
            yield held + bytes(end - start - len(held))


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
