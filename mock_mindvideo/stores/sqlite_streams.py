"""What the processes on one SQLite file tell each other of their streams."""

import os
import secrets
from collections.abc import Callable
from itertools import islice
from sqlite3 import Connection

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders
from mock_mindvideo.stores.sqlite_room import Table, giving_way

#: How often a process with open streams says so, and after how long one that does not is dead.
_BEAT = SECOND
_DEAD = 3 * SECOND

_DELIVERIES = Table("deliveries", MOST_DELIVERIES)


class DeliveryTable:
    """The newest events that streams were given, over all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: Held[Delivery] = Held(MOST_DELIVERIES)

    def add(self, delivery: Delivery) -> None:
        """Hold a delivery back; written with the next flush."""
        self._held.add(delivery)

    def of(self, world: str, newest: int) -> tuple[Delivery, ...]:
        """The world's newest deliveries, oldest first."""
        self.flush()
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {columns(Delivery)} FROM deliveries WHERE world = ?"
                " ORDER BY rowid DESC LIMIT ?",
                (world, newest),
            ).fetchall()
        return tuple(Delivery._make(row) for row in reversed(rows))

    def forget(self, world: str) -> None:
        """Drop what is held back of a world."""
        self._held.forget(world)

    def flush(self) -> None:
        """Write what is held back; raises Unavailable, and then it is held back again."""
        held = self._held.take()
        if not held:
            return
        try:
            with self._database.writing() as db:
                db.executemany(f"INSERT INTO deliveries VALUES ({placeholders(Delivery)})", held)
                self._trim(db)
        except Unavailable:
            self._held.give_back(held)
            raise

    def _trim(self, db: Connection) -> None:
        beyond = db.execute("SELECT count(*) FROM deliveries").fetchone()[0] - MOST_DELIVERIES
        if beyond > 0:
            gone = [row[:1] for row in islice(giving_way(db, _DELIVERIES), beyond)]
            db.executemany("DELETE FROM deliveries WHERE rowid = ?", gone)


class StreamCounts:
    """How many streams each process has open; those of one that was killed are soon forgotten."""

    def __init__(self, database: Database, real: Callable[[], Instant]) -> None:
        self._database = database
        self._real = real
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._own = 0
        self._told = 0
        self._beat: Instant = 0

    def tell(self, own: int) -> None:
        """So many are open in this process; the others hear of it with the next flush."""
        self._own = own

    def all(self) -> int:
        """How many are open in all processes."""
        with self._database.reading() as db:
            others = db.execute(
                "SELECT total(streams) FROM processes WHERE name != ? AND seen >= ?",
                (self._name, self._real() - _DEAD),
            ).fetchone()[0]
        return int(others) + self._own

    def flush(self) -> None:
        """Tell the others, if there is something to tell."""
        own, now = self._own, self._real()
        if own == self._told and (not own or now < self._beat + _BEAT):
            return
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO processes VALUES (?, ?, ?)", (self._name, own, now))
            db.execute("DELETE FROM processes WHERE streams = 0 OR seen < ?", (now - _DEAD,))
        self._told, self._beat = own, now
