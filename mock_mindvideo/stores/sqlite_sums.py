"""What the journal in the SQLite file holds, of each world and of all: nobody has to add it up.

What is written is counted here, in the same transaction; what is dropped, by whatever statement, is
taken off by a trigger of the file.
"""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple

from mock_mindvideo.domain.journal import LIGHTEST, Entry, weight
from mock_mindvideo.stores.sqlite_file import columns, placeholders
from mock_mindvideo.stores.sqlite_room import Table

#: Has the sums of all worlds; no world is called so.
_ALL = ""


class Sums(NamedTuple):
    """Entries, and the bytes of them all."""

    exchanges: int = 0
    acts: int = 0
    size: int = 0

    def with_one(self, entry: Entry) -> "Sums":
        """The sums with one entry more."""
        act = entry.act is not None
        return Sums(self.exchanges + (not act), self.acts + act, self.size + weight(entry))


_COUNT = (
    f"INSERT INTO journal_sums (world, {columns(Sums)}) VALUES (?, {placeholders(Sums)})"
    " ON CONFLICT (world) DO UPDATE SET "
    + ", ".join(f"{each} = {each} + excluded.{each}" for each in Sums._fields)
)


def count(db: Connection, written: Iterable[tuple[str, Entry]]) -> None:
    """Add entries that were written, each with the name of its world."""
    sums: dict[str, Sums] = {}
    for world, entry in written:
        sums[world] = sums.get(world, Sums()).with_one(entry)
    sums[_ALL] = Sums(*map(sum, zip(*sums.values(), strict=True)))
    db.executemany(_COUNT, [(world, *mine) for world, mine in sums.items()])


def of_all(db: Connection) -> Sums:
    """The sums of all worlds together."""
    where = "world = ?"
    found = db.execute(f"SELECT {columns(Sums)} FROM journal_sums WHERE {where}", (_ALL,))
    return Sums._make(found.fetchone())


def holding_much(db: Connection, table: Table, each: int) -> dict[str, int]:
    """What each world holds that holds much, where an entry counts `each` beside its size.

    How much it holds at most follows from its size, since no entry is light: so an index finds the
    few that are looked at.
    """
    least = table.much * LIGHTEST // (LIGHTEST + each)
    held = f"size + {each} * (exchanges + acts)"
    found = db.execute(
        f"SELECT world, {held} FROM journal_sums WHERE size > ? AND {held} > ? AND world != ?",
        (least, table.much, _ALL),
    )
    return dict(found.fetchall())
