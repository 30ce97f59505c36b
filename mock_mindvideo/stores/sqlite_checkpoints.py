"""Copies the write-ahead log back into its file beside what goes on, so that nobody waits for it.

SQLite does so in whichever transaction makes the log long enough, and all that comes meanwhile
waits for it, about a hundredth of a second. Here a thread does it, which ends when it has; each
process has its own, and where they meet one of them has nothing to do.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

#: Pages of the log from which on it is copied, 16 MiB, and after how many more again, as long as it
#: is not begun anew: that happens where something is written when all of it has been copied. The
#: longer it is the fewer waits for the disk, each of which may hold up whoever writes besides.
_LONG, _MORE = 4000, 1000

#: Pages of the log at which SQLite copies it itself, should no thread get that far.
TOO_LONG = 8000

#: How the log is copied: as it is, then what was written meanwhile, and what was since then. Nobody
#: waits for the first kind; the last keeps others from writing, for about a millisecond.
_KINDS = ("PASSIVE", "PASSIVE", "FULL")

#: Seconds for which the last kind tries to begin.
_PATIENCE = 0.1

#: Transactions after which the log's length is looked at again.
_SELDOM = 8

#: Of the log's header and of those of its pages: https://sqlite.org/fileformat2.html#walformat.
_HEADER, _PAGE_HEADER, _SALTS, _PAGE_SALTS, _PAGE_SIZE = 32, 24, 16, 8, 8


class Checkpoints:
    """When the log of a file is copied. `there` says whether that file still has its name."""

    def __init__(self, file: Path, there: Callable[[], bool]) -> None:
        self._file = file
        self._log = Path(f"{os.path.realpath(file)}-wal")
        self._there = there
        self._written = 0
        self._log_copied, self._due = b"", 0
        self._thread: Thread | None = None

    def written(self) -> None:
        """Something was: begin to copy the log if it is long by now, one thread at a time."""
        self._written += 1
        if self._written % _SELDOM or (self._thread and self._thread.is_alive()):
            return
        log = has_pages(self._log, _LONG)
        if log and (log != self._log_copied or has_pages(self._log, self._due)):
            begun = self._due if log == self._log_copied else _LONG
            self._log_copied, self._due = log, begun + _MORE
            self._thread = Thread(target=self._copy, name="checkpoint", daemon=True)
            with suppress(RuntimeError):  # no thread can be had: SQLite does it itself
                self._thread.start()

    def wait(self) -> None:
        """Until nothing is being copied."""
        if self._thread and self._thread.is_alive():
            self._thread.join()

    def _copy(self) -> None:
        """Copy the log. Where that fails the log gets longer, until its writers hear of it."""
        with suppress(sqlite3.Error, OSError):
            if self._there():
                uri = f"{self._file.absolute().as_uri()}?mode=rw"
                with closing(sqlite3.connect(uri, timeout=_PATIENCE, uri=True)) as db:
                    copy(db, self._log)


def copy(db: sqlite3.Connection, log: Path) -> None:
    """Copy all of the log, so that the next write begins it anew."""
    db.execute("SELECT 1 FROM sqlite_schema").fetchone()  # now the log is open
    for kind in _KINDS:
        _, length, copied = db.execute(f"PRAGMA wal_checkpoint({kind})").fetchone()
        if copied == length and not has_pages(log, length + 1):
            return


def has_pages(log: Path, number: int) -> bytes:
    """Its salts if the log is so many pages long, whatever stands behind its end (5 µs).

    It is written over from its beginning again and again, each time with other salts in its header
    and in the pages that are part of it. SQLite holds no lock on this file, so closing it lets go
    of none.
    """
    try:
        opened = os.open(log, os.O_RDONLY)
    except OSError:
        return b""
    try:
        header = os.pread(opened, _HEADER, 0)
        size = int.from_bytes(header[_PAGE_SIZE : _PAGE_SIZE + 4], "big") + _PAGE_HEADER
        salts = os.pread(opened, 8, _HEADER + (number - 1) * size + _PAGE_SALTS)
        return salts if salts == header[_SALTS : _SALTS + 8] else b""
    finally:
        os.close(opened)
