"""Uploaded files, in pieces: what every store promises of them, and how memory keeps it."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores.shares import PART, greatest

#: Files that are kept at most, however small.
MOST_FILES = 10_000


class Files(Protocol):
    """Files of all worlds within a bound; who holds much makes room first, the oldest of its files.

    Half-arrived ones make room like others.

    A file is there for readers once it is finished.
    """

    def begin(self, world: str, upload: Upload) -> None:
        """Begin a file, of the size 0, whose pieces follow."""

    def add(self, world: str, upload_id: str, piece: bytes) -> None:
        """Add the next piece, of PIECE bytes unless it is the last one.

        Raises Unavailable where the file has made room for newer ones meanwhile.
        """

    def finish(self, world: str, upload_id: str) -> None:
        """Let the file be found; raises Unavailable like `add`."""

    def drop(self, world: str, upload_id: str) -> None:
        """Forget the file, if it is there."""

    def find(self, world: str, upload_id: str) -> Upload | None:
        """A file that has been finished, or None."""

    def piece(self, world: str, upload_id: str, number: int) -> bytes | None:
        """One of its pieces, counted from 0; None once it is gone."""


@dataclass(slots=True)
class _Kept:
    upload: Upload
    pieces: list[bytes] = field(default_factory=list)
    finished: bool = False


class MemoryFiles:
    """See `Files`."""

    def __init__(self, most: int) -> None:
        self.dropped = 0
        self._most = most
        self._bytes = 0
        self._lock = RLock()
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._each = most // MOST_FILES  # so that many small files are much, too
        self._held: Counter[str] = Counter()  # what each world has

    def __len__(self) -> int:
        return sum(each.finished for each in list(self._kept.values()))

    def begin(self, world: str, upload: Upload) -> None:
        with self._lock:
            self._kept[world, upload.id] = _Kept(upload)
            self._held[world] += self._each
            self._make_room(world, upload.id)

    def add(self, world: str, upload_id: str, piece: bytes) -> None:
        with self._lock:
            kept = self._there(world, upload_id)
            kept.pieces.append(piece)
            kept.upload = kept.upload._replace(size=kept.upload.size + len(piece))
            self._held[world] += len(piece)
            self._bytes += len(piece)
            self._make_room(world, upload_id)

    def finish(self, world: str, upload_id: str) -> None:
        with self._lock:
            self._there(world, upload_id).finished = True

    def drop(self, world: str, upload_id: str) -> None:
        with self._lock:
            self._drop((world, upload_id))

    def find(self, world: str, upload_id: str) -> Upload | None:
        kept = self._kept.get((world, upload_id))
        return kept.upload if kept is not None and kept.finished else None

    def piece(self, world: str, upload_id: str, number: int) -> bytes | None:
        kept = self._kept.get((world, upload_id))
        return kept.pieces[number] if kept is not None and number < len(kept.pieces) else None

    def forget(self, world: str) -> None:
        """Drop all that the world has."""
        with self._lock:
            for each in [each for each in self._kept if each[0] == world]:
                self._drop(each)

    def _there(self, world: str, upload_id: str) -> _Kept:
        kept = self._kept.get((world, upload_id))
        if kept is None:
            raise made_room()
        return kept

    def _make_room(self, world: str, upload_id: str) -> None:
        while self._bytes > self._most or len(self._kept) > MOST_FILES:
            gone = self._giving_way((world, upload_id))
            if gone is None:
                return
            self._drop(gone)
            self.dropped += 1

    def _giving_way(self, but: tuple[str, str]) -> tuple[str, str] | None:
        """The file that makes room next, as `shares` has it."""
        files = [each for each in self._kept if each != but]
        much = self._most // PART
        oldest = {world: -number for number, (world, _) in enumerate(reversed(files))}
        heavy = {each: self._held[each] for each in oldest if self._held[each] > much}
        world = greatest(heavy, oldest)
        return next((each for each in files if world in (None, each[0])), None)

    def _drop(self, file: tuple[str, str]) -> None:
        kept = self._kept.pop(file, None)
        if kept is not None:
            self._bytes -= kept.upload.size
            self._held[file[0]] -= kept.upload.size + self._each
            self._held += Counter()  # without those that hold nothing


def made_room() -> Unavailable:
    """The refusal of a file that was dropped while it arrived."""
    return Unavailable("the file made room for newer uploads while it arrived; send it again")
