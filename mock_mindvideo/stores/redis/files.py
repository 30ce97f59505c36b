"""Uploaded files in Redis, each on the shard of its world, with one tally of all of them.

A file is written and read piece by piece. The tally says which files make room; they are dropped
first and taken off it then, so that nothing is forgotten by the tally that is still there.
"""

from collections.abc import Sequence

import orjson

from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.stores.files import MOST_FILES, made_room
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import of_all, of_world
from mock_mindvideo.stores.shares import PART

_TALLY = tuple(of_all(f"files {what}") for what in ("order", "sizes", "sums", "held"))
_FINISHED = of_all("files finished")

#: Between the name of a world and that of a file, which has none.
_BETWEEN = "/"


class RedisFiles:
    """See `Files`."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        self._each = most // MOST_FILES  # so that many small files are much, too

    def begin(self, world: str, upload: Upload) -> None:
        self._grow(world, upload.id, 0, begins=True)
        self._engine.ask("SADD", _list(world), upload.id)
        facts = orjson.dumps([upload.id, upload.media_type, upload.created_at])
        self._engine.ask("HSET", _file(world, upload.id), "facts", facts, "size", 0)

    def add(self, world: str, upload_id: str, piece: bytes) -> None:
        self._grow(world, upload_id, len(piece))
        if not self._engine.run("piece", (_file(world, upload_id),), piece, PIECE):
            raise made_room()

    def finish(self, world: str, upload_id: str) -> None:
        if not self._engine.run("finish", (_file(world, upload_id),)):
            raise made_room()
        self._engine.ask("SADD", _FINISHED, _named(world, upload_id))

    def drop(self, world: str, upload_id: str) -> None:
        self._drop([_named(world, upload_id)], counted=False)

    def find(self, world: str, upload_id: str) -> Upload | None:
        names = ("facts", "size", "finished")
        facts, size, finished = self._engine.ask("HMGET", _file(world, upload_id), *names)
        if not facts or not finished:
            return None
        found_id, media_type, created_at = self._engine.read(orjson.loads, facts)
        return Upload(found_id, media_type, int(size), created_at)

    def piece(self, world: str, upload_id: str, number: int) -> bytes | None:
        found: bytes | None = self._engine.ask("HGET", _file(world, upload_id), f"piece {number}")
        return found

    def forget(self, world: str) -> None:
        """Drop all that the world has."""
        ids = self._engine.ask("SMEMBERS", _list(world))
        self._drop([_named(world, each.decode()) for each in ids], counted=False)
        self._engine.ask("DEL", _list(world))

    def counts(self) -> tuple[int, int]:
        """How many are finished, and how many have made room."""
        finished = self._engine.ask("SCARD", _FINISHED)
        return int(finished), int(self._engine.ask("HGET", _TALLY[2], "dropped") or 0)

    def _grow(self, world: str, upload_id: str, size: int, *, begins: bool = False) -> None:
        """Take a file's bytes down, and let the oldest others go that these leave no room."""
        file, more = _named(world, upload_id), int(begins)
        bounds = self._most, MOST_FILES, self._each, self._most // PART
        victims = self._engine.run("grow", _TALLY, file, more, size, *bounds)
        if victims is None:
            raise made_room()
        self._drop([each.decode() for each in victims], counted=True)

    def _drop(self, files: Sequence[str], *, counted: bool) -> None:
        for file in files:
            world, _, upload_id = file.rpartition(_BETWEEN)
            self._engine.ask("UNLINK", _file(world, upload_id))
            self._engine.ask("SREM", _list(world), upload_id)
        if files:
            keys = *_TALLY, _FINISHED
            self._engine.run("shrink", keys, self._each, int(counted), *files)


def _named(world: str, upload_id: str) -> str:
    return f"{world}{_BETWEEN}{upload_id}"


def _file(world: str, upload_id: str) -> str:
    return of_world(world, f"file {upload_id}")


def _list(world: str) -> str:
    return of_world(world, "files")
