"""The file of the SQLite store: its tables, and opening it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.upload import Upload

#: "mmv" and the version of the tables; files of another version are refused, never migrated.
APPLICATION = 0x6D6D76
VERSION = 1

#: Seconds to wait for another process to finish its turn.
BUSY = 30.0


class StoreError(Exception):
    """A file that cannot be used as a store: which, and why."""


def columns(row: type[NamedTuple]) -> str:
    """The names of a row's columns, as SQL lists them."""
    return ", ".join(row._fields)


def placeholders(row: type[NamedTuple]) -> str:
    """As many `?` as a row has columns."""
    return ", ".join("?" * len(row._fields))


_TABLES = f"""
CREATE TABLE worlds (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tasks (
    world, ends_at, refund, {columns(Task)},
    PRIMARY KEY (world, number)
);
CREATE UNIQUE INDEX task_id ON tasks (world, id);
CREATE UNIQUE INDEX task_key ON tasks (world, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX task_end ON tasks (world, ends_at);
CREATE INDEX task_refund ON tasks (world, number) WHERE refund IS NOT NULL;
CREATE TABLE keys ({columns(Key)}, PRIMARY KEY (digest));
CREATE TABLE uploads (world, {columns(Upload)});
CREATE UNIQUE INDEX upload_id ON uploads (world, id);
CREATE TABLE journal (world, size, {columns(Entry)});
CREATE INDEX journal_world ON journal (world);
CREATE INDEX journal_size ON journal (size);
CREATE TABLE dropped (what TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO dropped VALUES ('tasks', 0), ('worlds', 0), ('uploads', 0), ('journal', 0);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""


class Database:
    """One connection, used by one thread at a time; every change is one transaction."""

    def __init__(self, file: Path) -> None:
        self._lock = RLock()
        self._connection = connect(file)

    def version(self) -> int:
        """Changes when another connection has written (2 µs)."""
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, _translated():
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The connection, for several statements that see one moment."""
        with self._lock, _translated(), transaction(self._connection, "DEFERRED"):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction that an exception undoes."""
        with self._lock, _translated(), transaction(self._connection):
            yield self._connection

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def connect(file: Path) -> sqlite3.Connection:
    """Open `file`, making its tables if it is new.

    Raises StoreError if it cannot be opened, is not an SQLite file, or is not this project's.
    """
    try:
        db = sqlite3.connect(file, timeout=BUSY, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise _unusable(file, error) from None
    try:
        _patiently(lambda: _prepare(db, file))
        _patiently(lambda: db.execute("PRAGMA journal_mode = WAL"))
        db.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error as error:
        db.close()
        raise _unusable(file, error) from None
    except StoreError:
        db.close()
        raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection, mode: str = "IMMEDIATE") -> Iterator[None]:
    """One transaction, by default one that writes; an exception undoes it."""
    db.execute(f"BEGIN {mode}")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has undone it already
            db.execute("ROLLBACK")
        raise


def _unusable(file: Path, error: sqlite3.Error) -> StoreError:
    return StoreError(f"{file}: cannot be used as a database: {error}")


def _patiently(work: Callable[[], object]) -> None:
    """Do `work`, again where others open the file at once: SQLite does not wait for them then."""
    until = time.monotonic() + BUSY
    while True:
        try:
            work()
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.005)


def _prepare(db: sqlite3.Connection, file: Path) -> None:
    with transaction(db):
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            for statement in filter(str.strip, _TABLES.split(";")):
                db.execute(statement)
        elif application != APPLICATION:
            raise StoreError(f"{file}: is a database of another program; name another file")
        elif version != VERSION:
            raise StoreError(
                f"{file}: was written by another version (tables {version}, here {VERSION}); "
                "use that version, or another file"
            )


@contextmanager
def _translated() -> Iterator[None]:
    """A file that is locked for too long, or a full disk, as the refusal a client can retry."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the database cannot be used just now: {error}") from error
