"""How much of a table of the SQLite file each world has, and all have: nobody has to add it up.

What is written is counted here, in the same transaction; what is dropped, by whatever statement, is
taken off by triggers of the file.
"""

from collections.abc import Mapping
from sqlite3 import Connection
from typing import NamedTuple

from mock_mindvideo.stores.sqlite_room import Table

#: Has what all worlds hold; no world is called so.
_ALL = ""


class Holding(NamedTuple):
    """Rows, and the bytes of them all."""

    rows: int
    size: int


def count(db: Connection, table: Table, rows: Mapping[str, int], size: int = 0) -> None:
    """Add so many rows of each world that were written, and the bytes of them all."""
    db.executemany(
        "INSERT INTO holdings VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET rows = rows + excluded.rows, size = size + excluded.size",
        [(table.name, world, number, size) for world, number in rows.items()]
        + [(table.name, _ALL, sum(rows.values()), size)],
    )


def held_by_all(db: Connection, table: Table) -> Holding:
    """What all worlds hold together."""
    found = db.execute(
        "SELECT rows, size FROM holdings WHERE what = ? AND world = ?", (table.name, _ALL)
    )
    return Holding._make(found.fetchone())


def holding_much(db: Connection, table: Table, each: int) -> dict[str, int]:
    """What each world holds that holds much, where a row counts `each` beside its size."""
    held = f"size + {each} * rows"
    found = db.execute(
        f"SELECT world, {held} FROM holdings WHERE what = ? AND world != ? AND {held} > ?",
        (table.name, _ALL, table.much),
    )
    return dict(found.fetchall())
