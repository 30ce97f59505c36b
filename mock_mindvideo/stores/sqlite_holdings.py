"""How much of a table of the SQLite file each world has, and all have: nobody has to add it up.

It stands in a table beside each, as `journal_held` beside `journal`: one for all would make entries
of the journal dearer. What is written is counted here, in the same transaction; what is dropped, by
whatever statement, is taken off by a trigger of the file. A world that has nothing has no row.
"""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import NamedTuple

from mock_mindvideo.stores.shares import PART

#: Has what all worlds hold; no world is called so.
_ALL = ""


class Holding(NamedTuple):
    """Rows, and the bytes of them all."""

    rows: int = 0
    size: int = 0


class Table(NamedTuple):
    """A table that is counted. Of the bound a row is `each`, and its `size`: a column, or "0".

    No row's size is below `lightest`. `more` is what else of a row is asked for when it gives way.
    """

    name: str
    bound: int
    each: int = 1
    size: str = "0"
    lightest: int = 0
    more: str = "NULL"

    @property
    def much(self) -> int:
        """What a world may hold and still does not hold much."""
        return self.bound // PART

    @property
    def least(self) -> int:
        """The size of whoever holds much is not below this, since no row is light."""
        return self.much * self.lightest // max(1, self.lightest + self.each)


def count(db: Connection, what: str, written: Iterable[tuple[str, int]]) -> None:
    """Add rows that were written, each by its world and its size."""
    more: dict[str, Holding] = {}
    for world, size in written:
        rows, before = more.get(world, Holding())
        more[world] = Holding(rows + 1, before + size)
    if more:
        add(db, what, more)


def add(db: Connection, what: str, more: Mapping[str, Holding]) -> None:
    """Add what each world has now beside what it had."""
    total = Holding(*map(sum, zip(*more.values(), strict=True)))
    db.executemany(
        f"INSERT INTO {what}_held VALUES (?, ?, ?) ON CONFLICT (world) DO UPDATE"
        " SET rows = rows + excluded.rows, size = size + excluded.size",
        [(world, *mine) for world, mine in {**more, _ALL: total}.items()],
    )


def held_by_all(db: Connection, what: str) -> Holding:
    """What all worlds hold together."""
    found = db.execute(f"SELECT rows, size FROM {what}_held WHERE world = ?", (_ALL,))
    return Holding._make(found.fetchone())


def holding_much(db: Connection, table: Table) -> dict[str, int]:
    """What each world holds of the bound that holds much; an index finds the few of the journal."""
    held = f"size + {table.each} * rows"
    found = db.execute(
        f"SELECT world, {held} FROM {table.name}_held"
        f" WHERE size >= ? AND {held} > ? AND world != ?",
        (table.least, table.much, _ALL),
    )
    return dict(found.fetchall())
