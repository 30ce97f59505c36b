"""Which rows of the SQLite file give way next, as `shares` has it."""

from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import Any, NamedTuple

from mock_mindvideo.stores.shares import PART, greatest

#: A row's number, its world, its part of the bound, and what else was asked for.
StoredRow = tuple[Any, ...]


class Table(NamedTuple):
    """A table with a column `world`; `size` says in SQL what a row is of the bound."""

    name: str
    bound: int
    size: str = "1"
    more: str = "NULL"

    @property
    def much(self) -> int:
        """What a world may hold and still does not hold much."""
        return self.bound // PART


def added_up(db: Connection, table: Table) -> dict[str, int]:
    """What each world holds that holds much, by a look at all rows."""
    sums = f"SELECT world, sum({table.size}) AS held FROM {table.name} GROUP BY world"
    return dict(db.execute(f"{sums} HAVING held > ?", (table.much,)).fetchall())


def giving_way(
    db: Connection,
    table: Table,
    but: int = -1,
    holding: Callable[[Connection, Table], dict[str, int]] = added_up,
) -> Iterator[StoredRow]:
    """The rows in the order in which they make room; the row `but` stays.

    `holding` says what each world holds that holds much. To be read before rows are deleted.
    """
    much = table.much
    held = holding(db, table)
    first = {world: _of(db, table, but, world) for world in held}
    nexts = {world: row for world in held if (row := next(first[world], None))}
    gone = set()
    while nexts:
        oldest = {world: row[0] for world, row in nexts.items()}
        world = greatest({each: held[each] for each in nexts}, oldest) or ""
        row = nexts.pop(world)
        gone.add(row[0])
        yield row
        held[world] -= row[2]
        if held[world] > much and (following := next(first[world], None)):
            nexts[world] = following
    yield from (row for row in _of(db, table, but) if row[0] not in gone)


def _of(db: Connection, table: Table, but: int, world: str | None = None) -> Iterator[StoredRow]:
    """The rows of a world, or of all, but that one, the oldest first."""
    mine = "" if world is None else " AND world = ?"
    return db.execute(
        f"SELECT rowid, world, {table.size}, {table.more} FROM {table.name}"
        f" WHERE rowid != ?{mine} ORDER BY rowid",
        (but,) if world is None else (but, world),
    )
