"""What the processes on one SQLite file tell each other of their streams."""

import os
import secrets
from collections.abc import Callable
from itertools import islice
from sqlite3 import Connection

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders
from mock_mindvideo.stores.sqlite_holdings import Table, count, held_by_all
from mock_mindvideo.stores.sqlite_room import giving_way
from mock_mindvideo.stores.stream_counts import StreamCounts

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
                count(db, "deliveries", ((each.world, 0) for each in held))
                self._trim(db)
        except Unavailable:
            self._held.give_back(held)
            raise

    def _trim(self, db: Connection) -> None:
        beyond = held_by_all(db, "deliveries").rows - MOST_DELIVERIES
        if beyond > 0:
            going = giving_way(db, _DELIVERIES)
            gone = [row[:1] for row in islice(going, beyond)]
            db.executemany("DELETE FROM deliveries WHERE rowid = ?", gone)


class FileStreamCounts(StreamCounts):
    """The counts of the processes on one file."""

    def __init__(self, database: Database, real: Callable[[], Instant]) -> None:
        super().__init__(real, f"{os.getpid()}-{secrets.token_hex(4)}")
        self._database = database

    def _others(self, alive: Instant) -> int:
        with self._database.reading() as db:
            found = db.execute(
                "SELECT total(streams) FROM processes WHERE name != ? AND seen >= ?",
                (self._name, alive),
            )
            return int(found.fetchone()[0])

    def _say(self, own: int, now: Instant, alive: Instant) -> None:
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO processes VALUES (?, ?, ?)", (self._name, own, now))
            db.execute("DELETE FROM processes WHERE streams = 0 OR seen < ?", (alive,))
