"""The journal in the SQLite file: written in batches, so that no request waits for it."""

from sqlite3 import Connection
from threading import Lock

from mock_mindvideo.domain.journal import Entry, weight
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders

#: Entries that are held back, to be written together.
_BUFFER = 200


class JournalTable:
    """The newest entries of all worlds, `most` of them and `most_bytes` at most."""

    def __init__(self, database: Database, most: int, most_bytes: int) -> None:
        self._database = database
        self._most = most
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._buffer: list[tuple[str, Entry]] = []

    def add(self, world: str, entry: Entry) -> None:
        """Hold an entry back; written with the next flush, or when enough are held."""
        with self._lock:
            self._buffer.append((world, entry))
            full = len(self._buffer) >= _BUFFER
        if full:
            self.flush()

    def of(self, world: str, newest: int) -> tuple[Entry, ...]:
        """The world's newest entries, oldest first."""
        self.flush()
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {columns(Entry)} FROM journal WHERE world = ? ORDER BY rowid DESC LIMIT ?",
                (world, newest),
            ).fetchall()
        return tuple(Entry._make(row) for row in reversed(rows))

    def forget(self, world: str) -> None:
        """Drop what is held back of a world."""
        with self._lock:
            self._buffer = [held for held in self._buffer if held[0] != world]

    def flush(self) -> None:
        """Write what is held back, and drop the oldest beyond the bound."""
        with self._lock:
            held, self._buffer = self._buffer, []
        if not held:
            return
        with self._database.writing() as db:
            db.executemany(
                f"INSERT INTO journal (world, size, {columns(Entry)})"
                f" VALUES (?, ?, {placeholders(Entry)})",
                [(world, weight(entry), *entry) for world, entry in held],
            )
            self._trim(db)

    def _trim(self, db: Connection) -> None:
        """Drop the oldest beyond the bounds; the sum is read from an index, so it is cheap."""
        count, total = db.execute("SELECT count(*), total(size) FROM journal").fetchone()
        if count <= self._most and total <= self._most_bytes:
            return
        gone = db.execute(
            "DELETE FROM journal WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
            " row_number() OVER newer AS place, sum(size) OVER newer AS total"
            " FROM journal WINDOW newer AS (ORDER BY rowid DESC)) WHERE place > ? OR total > ?)",
            (self._most, self._most_bytes),
        ).rowcount
        db.execute("UPDATE dropped SET count = count + ? WHERE what = 'journal'", (gone,))
