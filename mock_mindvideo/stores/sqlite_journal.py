"""The journal in the SQLite file: written in batches, so that no request waits for it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from sqlite3 import Connection
from typing import NamedTuple

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.journal import (
    LIGHTEST,
    MOST_ACTS,
    Entry,
    LogPage,
    Note,
    entry_of,
    weight,
)
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders
from mock_mindvideo.stores.sqlite_holdings import Table, count, held_by_all
from mock_mindvideo.stores.sqlite_room import giving_way

#: Before a world's name, in the table of what was dropped.
OF_WORLD = "journal of "

#: How those of its entries are counted that are acts, beside them all.
_ACTS = "acts"

#: Entries that are held back, to be written together. Who comes meanwhile waits for them, less than
#: half a millisecond; twice as many would save a sixth of what each costs.
_BUFFER = 16

#: Entries that are read at once.
_PAGE = 32

#: Those that are held back while the file cannot be written.
_MOST_HELD = 2000


class Loss(NamedTuple):
    """How many exchanges of a world were dropped, and the last number that was."""

    exchanges: int = 0
    last: int = 0


class JournalTable:
    """The newest entries of all worlds, `most` of them and `most_bytes` at most."""

    def __init__(self, database: Database, most: int, most_bytes: int) -> None:
        self._database = database
        self._most = most
        self._most_bytes = most_bytes
        each = most_bytes // most  # so that many small entries are much, too
        self._table = Table("journal", most_bytes, each, "size", LIGHTEST, more="size, act IS NULL")
        self._held: Held[tuple[str, Note]] = Held(_MOST_HELD)
        self._failed = False

    def add(self, world: str, note: Note) -> None:
        """Hold a note back; written with the next flush, or when enough are held.

        Where another process is writing just now nobody waits for it: more are held then.
        """
        if self._held.add((world, note)) % _BUFFER == 0 and not self._failed:
            with suppress(Unavailable):  # the next flush says so, if that lasts
                self._flush(wait=False)

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
            gone = _last_gone(db, world)
        entries = tuple((row[0], Entry._make(row[1:])) for row in rows)
        return LogPage(entries, entries[-1][0] if len(entries) == most else last, gone > after)

    def forget(self, world: str) -> None:
        """Drop what is held back of a world."""
        self._held.forget(world)

    def flush(self) -> None:
        """Write what is held back, and drop what is beyond the bound.

        Raises Unavailable; what could not be written is held back again.
        """
        try:
            self._flush()
            self._failed = False
        except Unavailable:
            self._failed = True
            raise

    def _flush(self, *, wait: bool = True) -> None:
        held = self._held.take()
        if not held:
            return
        try:
            with self._database.writing(wait=wait) as db:
                self._write(db, held)
        except Unavailable:
            self._held.give_back(held)
            raise

    def _write(self, db: Connection, held: list[tuple[str, Note]]) -> None:
        noted = [(world, entry_of(note)) for world, note in held]
        rows = [(world, weight(entry), *entry) for world, entry in noted]
        db.executemany(
            f"INSERT INTO journal (world, size, {columns(Entry)})"
            f" VALUES (?, ?, {placeholders(Entry)})",
            rows,
        )
        count(db, "journal", (row[:2] for row in rows))
        count(db, _ACTS, ((world, 0) for world, entry in noted if entry.act is not None))
        lost, self._held.dropped = self._held.dropped, Counter()
        unwritten = _last(db) - len(held) + 1
        gone = {world: Loss(number, unwritten) for world, number in lost.items()}
        for number, world, exchange in self._trim(db):
            before = gone.get(world, Loss())
            gone[world] = Loss(before.exchanges + exchange, max(number, before.last))
        if gone:
            _tell(db, gone)

    def _trim(self, db: Connection) -> list[tuple[int, str, bool]]:
        """Drop what gives way beyond the bounds: number, world, and whether it is an exchange."""
        entries, total = held_by_all(db, "journal")
        acts = held_by_all(db, _ACTS).rows
        exchanges = entries - acts
        going = giving_way(db, self._table)
        gone = []
        while exchanges > self._most or acts > MOST_ACTS or total > self._most_bytes:
            number, world, _, size, exchange = next(going)
            gone.append((number, world, exchange))
            exchanges, acts = exchanges - exchange, acts - (not exchange)
            total -= size
        db.executemany("DELETE FROM journal WHERE number = ?", [each[:1] for each in gone])
        return gone


def exchanges(db: Connection) -> int:
    """How many exchanges of all worlds there are."""
    return held_by_all(db, "journal").rows - held_by_all(db, _ACTS).rows


def _tell(db: Connection, gone: Mapping[str, Loss]) -> None:
    """Add to what was dropped of each world, and of all."""
    total = ("journal", sum(each.exchanges for each in gone.values()), 0)
    db.executemany(
        "INSERT INTO dropped (what, count, last) VALUES (?, ?, ?) ON CONFLICT (what) DO UPDATE"
        " SET count = count + excluded.count, last = max(last, excluded.last)",
        [total, *((OF_WORLD + world, *each) for world, each in gone.items())],
    )


def forgotten(db: Connection, world: str) -> int:
    """How many of the world's exchanges were dropped."""
    found = db.execute("SELECT count FROM dropped WHERE what = ?", (OF_WORLD + world,)).fetchone()
    return found[0] if found else 0


def _last_gone(db: Connection, world: str) -> int:
    """The number of the last entry of the world that was dropped, or of all by former versions."""
    found = db.execute(
        "SELECT max(last) FROM dropped WHERE what IN ('journal', ?)", (OF_WORLD + world,)
    )
    return int(found.fetchone()[0])


def _last(db: Connection) -> int:
    """The number of the last entry that there was."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(found[0]) if found else 0
