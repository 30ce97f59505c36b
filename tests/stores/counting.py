"""What the SQLite file says of how much it holds, and what stands in it."""

import sqlite3

from mock_mindvideo.stores.sqlite_holdings import Table

#: What is counted, as SQL: the rows, and the size of one.
COUNTED = {
    "journal": ("journal", "size"),
    "acts": ("journal WHERE act IS NOT NULL", "0"),
    "uploads": ("uploads", "size"),
    "deliveries": ("deliveries", "0"),
}

Held = dict[str, tuple[int, int]]


def said(db: sqlite3.Connection, what: str) -> Held:
    """Rows and bytes of each world, and of all as those of no world."""
    return _held(db, f"SELECT world, rows, size FROM {what}_held")


def standing(db: sqlite3.Connection, what: str) -> Held:
    """The same, added up."""
    rows, size = COUNTED[what]
    sums = f"count(*), coalesce(sum({size}), 0) FROM {rows}"
    return _held(db, f"SELECT world, {sums} GROUP BY world UNION ALL SELECT '', {sums}")


def added_up(db: sqlite3.Connection, table: Table) -> dict[str, int]:
    """What each world holds that holds much, by a look at all rows."""
    sums = f"sum({table.size} + {table.each}) AS held FROM {table.name} GROUP BY world"
    found = db.execute(f"SELECT world, {sums} HAVING held > ?", (table.much,))
    return dict(found.fetchall())


def _held(db: sqlite3.Connection, statement: str) -> Held:
    return {world: (rows, size) for world, rows, size in db.execute(statement)}
