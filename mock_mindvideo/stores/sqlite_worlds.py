"""Worlds in the SQLite file: a row for each, and one for its scripts (see `world_text`)."""

import secrets
from collections.abc import Iterator
from sqlite3 import Connection

from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.encoding import (
    DamagedError,
    decode_scripts,
    decode_world,
    encode_scripts,
)
from mock_mindvideo.stores.world_text import Definitions, assembled, disassembled

#: Revisions of scripts that are remembered.
_REMEMBERED = 256

#: Looks at a world whose scripts are replaced all the time by others.
_PATIENCE = 100


class WorldTable:
    """The worlds of one file. `db` is the connection that is at hand."""

    def __init__(self) -> None:
        self._known: dict[str, Definitions] = {}

    def get(self, db: Connection, name: str) -> WorldState | None:
        """The world of that name; the same object where nothing was written."""
        for _ in range(_PATIENCE):
            found = _row(db, name)
            if found is None:
                return None
            text, revision = found
            if revision is None:
                return decode_world(text)
            if (definitions := self._definitions(db, name, revision)) is not None:
                return assembled(text, definitions)
        raise DamagedError(f"the scripts of the world {name!r} are missing")

    def all(self, db: Connection) -> Iterator[WorldState]:
        """Every world, in no order."""
        for (name,) in db.execute("SELECT name FROM worlds").fetchall():
            if (state := self.get(db, name)) is not None:
                yield state

    def put(self, db: Connection, state: WorldState) -> None:
        """Write a world, within a transaction."""
        _, revision = _row(db, state.name) or (None, None)
        known = self._definitions(db, state.name, revision) if revision else None
        if revision is None or known is None or not known.are_of(state.scripts):
            revision = secrets.token_hex(8)
            db.execute(
                "INSERT OR REPLACE INTO scripts VALUES (?, ?, ?)",
                (state.name, revision, encode_scripts(state.scripts)),
            )
        db.execute(
            "INSERT OR REPLACE INTO worlds (name, state, revision) VALUES (?, ?, ?)",
            (state.name, disassembled(state), revision),
        )

    def drop(self, db: Connection, name: str) -> None:
        """Forget a world, within a transaction."""
        db.execute("DELETE FROM worlds WHERE name = ?", (name,))
        db.execute("DELETE FROM scripts WHERE world = ?", (name,))

    def _definitions(self, db: Connection, name: str, revision: str) -> Definitions | None:
        """The scripts of that revision, None where another has taken its place."""
        known = self._known.get(revision)
        if known is None:
            where = "world = ? AND revision = ?"
            found = db.execute(f"SELECT text FROM scripts WHERE {where}", (name, revision))
            row = found.fetchone()
            if row is None:
                return None
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[revision] = Definitions(decode_scripts(row[0]))
        return known


def _row(db: Connection, name: str) -> tuple[str, str | None] | None:
    found: tuple[str, str | None] | None = db.execute(
        "SELECT state, revision FROM worlds WHERE name = ?", (name,)
    ).fetchone()
    return found
