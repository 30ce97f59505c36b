"""The journal in the SQLite file: written in batches, so that no request waits for it."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from sqlite3 import Connection

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.journal import MOST_ACTS, Entry, LogPage, weight
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders

#: Before a world's name, in the table of what was dropped.
OF_WORLD = "journal of "

#: Entries that are held back, to be written together.
_BUFFER = 200

#: Entries that are read at once.
_PAGE = 32

#: Those that are held back while the file cannot be written.
_MOST_HELD = 2000


class JournalTable:
    """The newest entries of all worlds, `most` of them and `most_bytes` at most."""

    def __init__(self, database: Database, most: int, most_bytes: int) -> None:
        self._database = database
        self._most = most
        self._most_bytes = most_bytes
        self._held: Held[tuple[str, Entry]] = Held(_MOST_HELD)
        self._failed = False

    def add(self, world: str, entry: Entry) -> None:
        """Hold an entry back; written with the next flush, or when enough are held.

        Raises Unavailable where that fails; then it is only tried again by the next flush.
        """
        if self._held.add((world, entry)) >= _BUFFER and not self._failed:
            self.flush()

    def of(self, world: str, newest: int) -> Iterator[Entry]:
        """The world's newest exchanges, oldest first, read a few at a time."""
        self.flush()
        with self._database.reading() as db:
            found = db.execute(
                "SELECT number FROM journal WHERE world = ? AND act IS NULL"
                " ORDER BY number DESC LIMIT ?",
                (world, newest),
            ).fetchall()
        numbers = [number for (number,) in reversed(found)]
        return chain.from_iterable(
            self._read(world, numbers[at], numbers[at : at + _PAGE][-1])
            for at in range(0, len(numbers), _PAGE)
        )

    def _read(self, world: str, first: int, last: int) -> list[Entry]:
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {columns(Entry)} FROM journal"
                " WHERE world = ? AND number BETWEEN ? AND ? AND act IS NULL ORDER BY number",
                (world, first, last),
            ).fetchall()
        return [Entry._make(row) for row in rows]

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """See `Store`."""
        self.flush()
        with self._database.snapshot() as db:
            last = _last(db)
            if after is None or after >= last:
                return LogPage((), last)
            rows = db.execute(
                f"SELECT number, {columns(Entry)} FROM journal"
                " WHERE world = ? AND number > ? ORDER BY number LIMIT ?",
                (world, after, most),
            ).fetchall()
            gone = db.execute("SELECT last FROM dropped WHERE what = 'journal'").fetchone()[0]
        entries = tuple((row[0], Entry._make(row[1:])) for row in rows)
        return LogPage(entries, entries[-1][0] if len(entries) == most else last, gone > after)

    def forget(self, world: str) -> None:
        """Drop what is held back of a world."""
        self._held.forget(world)

    def flush(self) -> None:
        """Write what is held back, and drop the oldest beyond the bound.

        Raises Unavailable; what could not be written is held back again.
        """
        held = self._held.take()
        if not held:
            return
        try:
            with self._database.writing() as db:
                self._write(db, held)
            self._failed = False
        except Unavailable:
            self._failed = True
            self._held.give_back(held)
            raise

    def _write(self, db: Connection, held: list[tuple[str, Entry]]) -> None:
        db.executemany(
            f"INSERT INTO journal (world, size, {columns(Entry)})"
            f" VALUES (?, ?, {placeholders(Entry)})",
            [(world, weight(entry), *entry) for world, entry in held],
        )
        lost, self._held.dropped = self._held.dropped, Counter()
        dropped, last = self._trim(db)
        if lost:
            last = max(last, _last(db) - len(held) + 1)
        dropped += lost
        if not dropped and not last:
            return
        total = ("journal", dropped.total())
        db.executemany(
            "INSERT INTO dropped (what, count) VALUES (?, ?)"
            " ON CONFLICT (what) DO UPDATE SET count = count + excluded.count",
            [total, *((OF_WORLD + world, count) for world, count in dropped.items())],
        )
        db.execute("UPDATE dropped SET last = max(last, ?) WHERE what = 'journal'", (last,))

    def _trim(self, db: Connection) -> tuple[Counter[str], int]:
        """Drop the oldest beyond the bounds: the exchanges of each world, and the last number.

        The sum is read from an index, so it is cheap.
        """
        count, acts, total = db.execute(
            "SELECT count(*), count(act), total(size) FROM journal"
        ).fetchone()
        if count - acts <= self._most and acts <= MOST_ACTS and total <= self._most_bytes:
            return Counter(), 0
        gone = db.execute(
            "DELETE FROM journal WHERE number IN (SELECT number FROM (SELECT number,"
            " sum(act IS NULL) OVER newer AS place, count(act) OVER newer AS acts,"
            " sum(size) OVER newer AS total FROM journal WINDOW newer AS (ORDER BY number DESC))"
            " WHERE place > ? OR acts > ? OR total > ?)"
            " RETURNING world, number, act IS NULL",
            (self._most, MOST_ACTS, self._most_bytes),
        ).fetchall()
        last = max((number for _, number, _ in gone), default=0)
        return Counter(world for world, _, exchange in gone if exchange), last


def forgotten(db: Connection, world: str) -> int:
    """How many of the world's exchanges were dropped."""
    found = db.execute("SELECT count FROM dropped WHERE what = ?", (OF_WORLD + world,)).fetchone()
    return found[0] if found else 0


def _last(db: Connection) -> int:
    """The number of the last entry that there was."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(found[0]) if found else 0
