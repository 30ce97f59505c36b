"""Which rows of the SQLite file give way next, as `shares` has it."""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

from mock_mindvideo.stores.shares import greatest
from mock_mindvideo.stores.sqlite_holdings import Table, holding_much

#: A row's number, its world, its part of the bound, and what else was asked for.
StoredRow = tuple[Any, ...]


def giving_way(db: Connection, table: Table, but: int = -1) -> Iterator[StoredRow]:
    """The rows in the order in which they make room; the row `but` stays.

    To be read before rows are deleted.
    """
    much = table.much
    held = holding_much(db, table)
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
        f"SELECT rowid, world, {table.size} + {table.each}, {table.more} FROM {table.name}"
        f" WHERE rowid != ?{mine} ORDER BY rowid",
        (but,) if world is None else (but, world),
    )
