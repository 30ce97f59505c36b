"""What a large world in the SQLite file is reset by: short transactions, then the last one."""

from mock_mindvideo.domain.work import Work
from mock_mindvideo.stores.sqlite_file import Database

#: Rows of each table that one transaction drops: about a millisecond's, the pieces of files being
#: of 128 KiB.
_STEPS = (
    (
        4,
        "DELETE FROM pieces WHERE rowid IN (SELECT pieces.rowid FROM uploads JOIN pieces"
        " USING (file) WHERE uploads.world = ? LIMIT ?)",
    ),
    *(
        (
            most,
            f"DELETE FROM {table} WHERE rowid IN"
            f" (SELECT rowid FROM {table} WHERE world = ? LIMIT ?)",
        )
        for table, most in (("tasks", 250), ("journal", 250), ("deliveries", 1000))
    ),
)


def emptying(database: Database, world: str) -> Work[None]:
    """Drop nearly all that the world has; only its own row and its keys are left.

    Meanwhile others may find some of it, as of any world that is about to be reset.
    """
    with database.writing() as db:
        # A file that lacks pieces is not to be found any more.
        db.execute("UPDATE uploads SET finished = 0 WHERE world = ?", (world,))
    for most, statement in _STEPS:
        while _dropped(database, statement, world, most) == most:
            yield


def _dropped(database: Database, statement: str, world: str, most: int) -> int:
    with database.writing() as db:
        return db.execute(statement, (world, most)).rowcount
