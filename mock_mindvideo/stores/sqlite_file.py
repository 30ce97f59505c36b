"""The file of the SQLite store: opening it, and what it answers when it cannot be used."""

import math
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.settings import POWER, PROCESS
from mock_mindvideo.stores.base import StoreError
from mock_mindvideo.stores.encoding import DamagedError
from mock_mindvideo.stores.private import keep_private
from mock_mindvideo.stores.sqlite_checkpoints import TOO_LONG, Checkpoints
from mock_mindvideo.stores.sqlite_migrations import prepare

#: Seconds to wait for another process to finish its turn.
BUSY = 5.0

#: The same where it did not finish the last time, so that not every request waits that long.
BRIEFLY = 0.05

#: Seconds for which a reader believes that the file is still there; a writer looks each time.
_SEEN = 0.02

#: What each durability means to SQLite in WAL mode. NORMAL leaves writing to the disk to the
#: system: a process that dies loses nothing, a loss of power the last moment. FULL waits for it.
_SYNCHRONOUS = {PROCESS: "NORMAL", POWER: "FULL"}

#: A caller's mistake rather than the file's state.
_BUGS = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.NotSupportedError)


class Identity(NamedTuple):
    """Which file is meant by a name, and which by that of its write-ahead log."""

    file: tuple[int, int]
    log: tuple[int, int]


def columns(row: type[NamedTuple]) -> str:
    """The names of a row's columns, as SQL lists them."""
    return ", ".join(row._fields)


def placeholders(row: type[NamedTuple]) -> str:
    """As many `?` as a row has columns."""
    return ", ".join("?" * len(row._fields))


class Database:
    """One connection, used by one thread at a time; every change is one transaction.

    Where the file is gone, locked, full or damaged, what is asked of it raises Unavailable with
    its name, until it is as it was: once it has been there, no other one is made in its place.
    One that is `existing` was there before, for others. `undone` is called when a transaction was.
    """

    def __init__(self, file: Path, durability: str = PROCESS, *, existing: bool = False) -> None:
        self._file = file
        self._durability = durability
        self._lock = RLock()
        self._openings = 0
        self._seen = -math.inf
        self._patience = self._timeout = BUSY
        self.undone: Callable[[], None] = lambda: None
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self._log = ""
        self._checkpoints = Checkpoints(file, self._there)
        if not existing:
            self._open()

    def version(self) -> tuple[int, int]:
        """Changes when another connection has written (2 µs)."""
        with self.reading() as db:
            return self._openings, int(db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, self._translated():
            yield self._at_hand(within=_SEEN)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The connection, for several statements that see one moment."""
        with self.reading() as db, _transaction(db, "DEFERRED"):
            yield db

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction that an exception undoes; within one, in that.

        Without `wait`, raises Unavailable at once where another process is writing.
        """
        with self._lock:
            if self._connection is not None and self._connection.in_transaction:
                yield self._connection
                return
        with self._lock, self._translated():
            db = self._at_hand()
            self._wait(db, self._patience if wait else 0)
            self._patience = BRIEFLY if wait else self._patience
            with _transaction(db, "IMMEDIATE", self.undone):
                self._patience = BUSY
                yield db
            self._checkpoints.written()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._checkpoints.wait()
            if self._connection is not None:
                self._connection.close()

    def _open(self) -> None:
        self._connection = connect(self._file, self._durability)
        self._timeout = BUSY
        self._openings += 1
        self._log = f"{os.path.realpath(self._file)}-wal"  # beside the file that a link leads to
        self._identity = _identity(self._file, self._log)

    def _at_hand(self, within: float = 0.0) -> sqlite3.Connection:
        """The connection, a new one where the file is another than it was.

        It is not looked for again if it was seen `within` so many seconds.
        """
        db, now = self._connection, time.monotonic()
        if db is not None and now < self._seen + within:
            return db
        self._seen = -math.inf
        if db is None or self._changed(db):
            self._leave()
            if not self._file.exists():
                raise _removed(self._file)
            try:
                self._open()
            except StoreError as problem:
                raise Unavailable(str(problem)) from None
        self._seen = now
        assert self._connection is not None  # noqa: S101 - opened above
        return self._connection

    def _changed(self, db: sqlite3.Connection) -> bool:
        """Whether the name stands for another file now; raises Unavailable if for none."""
        try:
            found = _identity(self._file, self._log)
        except FileNotFoundError as missing:
            if str(missing.filename).endswith("-wal"):
                self._checkpoints.wait()
                # Nobody will find that log again, but this connection still can read it.
                db.execute("PRAGMA wal_checkpoint(FULL)")
            raise _removed(missing.filename) from None
        except OSError as problem:
            raise Unavailable(f"{self._file}: cannot be read: {problem.strerror}") from None
        return found != self._identity

    def _there(self) -> bool:
        """Whether the name stands for the file that was opened; raises OSError if for none."""
        return _identity(self._file, self._log) == self._identity

    def _leave(self) -> None:
        """Drop the connection, and leave alone what now has the names of its files."""
        self._checkpoints.wait()
        db, self._connection = self._connection, None
        if db is None:
            return
        if sys.version_info >= (3, 12):
            db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        with suppress(sqlite3.Error):
            db.close()

    def _wait(self, db: sqlite3.Connection, seconds: float) -> None:
        """From now on, wait so long for another process."""
        if seconds != self._timeout:
            db.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
            self._timeout = seconds

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What can befall a file, as the refusal that a client can retry."""
        try:
            yield
        except _BUGS:
            raise
        except (sqlite3.DatabaseError, DamagedError) as error:
            if not isinstance(error, sqlite3.OperationalError):
                self._leave()  # its pages are remembered as they were read
            raise Unavailable(
                f"{self._file}: the database cannot be used just now: {error}"
            ) from error


def connect(file: Path, durability: str = PROCESS) -> sqlite3.Connection:
    """Open `file`, making its tables if it is new, for its owner's eyes only.

    Raises StoreError if it cannot be opened, is not an SQLite file, or is not this project's.
    """
    try:
        with suppress(OSError):  # SQLite finds out why, and says it
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(file, timeout=BUSY, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise _unusable(file, error) from None
    try:
        _patiently(lambda: _prepare(db, file))
        _patiently(lambda: db.execute("PRAGMA journal_mode = WAL"))
        db.execute("SELECT 1 FROM sqlite_schema").fetchone()  # now the log is there
        for each in ("", "-wal", "-shm"):
            keep_private(Path(f"{os.path.realpath(file)}{each}"))
        db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
        db.execute(f"PRAGMA wal_autocheckpoint = {TOO_LONG}")
    except sqlite3.Error as error:
        db.close()
        raise _unusable(file, error) from None
    except StoreError:
        db.close()
        raise
    return db


@contextmanager
def _transaction(
    db: sqlite3.Connection, mode: str, undone: Callable[[], None] = lambda: None
) -> Iterator[sqlite3.Connection]:
    """One transaction; an exception undoes it."""
    db.execute(f"BEGIN {mode}")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        undone()
        if db.in_transaction:  # a full disk has undone it already
            db.execute("ROLLBACK")
        raise


def _identity(file: Path, beside: str) -> Identity:
    found, log = os.stat(file), os.stat(beside)  # noqa: PTH116 - asked all the time
    return Identity((found.st_dev, found.st_ino), (log.st_dev, log.st_ino))


def _removed(file: Path | str) -> Unavailable:
    return Unavailable(f"{file}: was removed; put it back, or restart")


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
    with _transaction(db, "IMMEDIATE"):
        prepare(db, file)
