"""Uploaded files in the SQLite file: a row for each, and a row for each of its pieces.

A piece is written and read by itself, so that no file, however long, keeps others waiting.
"""

from sqlite3 import Connection

from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.stores.files import MOST_FILES, made_room
from mock_mindvideo.stores.sqlite_file import Database, columns
from mock_mindvideo.stores.sqlite_holdings import Holding, Table, add, held_by_all
from mock_mindvideo.stores.sqlite_room import giving_way


class SqliteFiles:
    """See `Files`."""

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._most = most
        each = most // MOST_FILES  # so that many small files are much, too
        self._table = Table("uploads", most, each, "size", more="size")

    def begin(self, world: str, upload: Upload) -> None:
        with self._database.writing() as db:
            put = db.execute(
                f"INSERT INTO uploads (world, finished, {columns(Upload)})"
                " VALUES (?, 0, ?, ?, ?, ?)",
                (world, *upload),
            )
            add(db, "uploads", {world: Holding(1, upload.size)})
            self._make_room(db, put.lastrowid or 0)

    def add(self, world: str, upload_id: str, piece: bytes) -> None:
        with self._database.writing() as db:
            file, size = _there(db, world, upload_id)
            db.execute("INSERT INTO pieces VALUES (?, ?, ?)", (file, size // PIECE, piece))
            db.execute("UPDATE uploads SET size = size + ? WHERE file = ?", (len(piece), file))
            add(db, "uploads", {world: Holding(0, len(piece))})
            self._make_room(db, file)

    def finish(self, world: str, upload_id: str) -> None:
        with self._database.writing() as db:
            file, _ = _there(db, world, upload_id)
            db.execute("UPDATE uploads SET finished = 1 WHERE file = ?", (file,))

    def drop(self, world: str, upload_id: str) -> None:
        with self._database.writing() as db:
            _drop(db, "world = ? AND id = ?", world, upload_id)

    def find(self, world: str, upload_id: str) -> Upload | None:
        with self._database.reading() as db:
            found = db.execute(
                f"SELECT {columns(Upload)} FROM uploads WHERE world = ? AND id = ? AND finished",
                (world, upload_id),
            ).fetchone()
        return Upload._make(found) if found else None

    def piece(self, world: str, upload_id: str, number: int) -> bytes | None:
        with self._database.reading() as db:
            found = db.execute(
                "SELECT body FROM pieces WHERE number = ?"
                " AND file = (SELECT file FROM uploads WHERE world = ? AND id = ?)",
                (number, world, upload_id),
            ).fetchone()
        return found[0] if found else None

    def _make_room(self, db: Connection, newest: int) -> None:
        number, total = held_by_all(db, "uploads")
        gone = []
        going = giving_way(db, self._table, but=newest)
        while (total > self._most or number > MOST_FILES) and (row := next(going, None)):
            gone.append(row[0])
            total, number = total - row[3], number - 1
        for file in gone:
            _drop(db, "file = ?", file)
        db.execute("UPDATE dropped SET count = count + ? WHERE what = 'uploads'", (len(gone),))


def forget(db: Connection, world: str) -> None:
    """Drop all that the world has, inside a transaction."""
    _drop(db, "world = ?", world)


def _there(db: Connection, world: str, upload_id: str) -> tuple[int, int]:
    """The file's row and its size so far."""
    where = "world = ? AND id = ?"
    found = db.execute(f"SELECT file, size FROM uploads WHERE {where}", (world, upload_id))
    row: tuple[int, int] | None = found.fetchone()
    if row is None:
        raise made_room()
    return row


def _drop(db: Connection, where: str, *values: object) -> None:
    db.execute(f"DELETE FROM pieces WHERE file IN (SELECT file FROM uploads WHERE {where})", values)
    db.execute(f"DELETE FROM uploads WHERE {where}", values)
