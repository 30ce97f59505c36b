"""The store of one file: outlives the process, shared by several (SQLite in WAL mode).

Every change is one `BEGIN IMMEDIATE` transaction, so that processes take turns and a crash at
any moment leaves all of it or nothing. WAL with `synchronous=NORMAL` keeps what was committed
when the process dies; only a loss of power may cost the last moment.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import settlement
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.base import Admit, Decide, Ground, Payload, key_reused, not_found
from mock_mindvideo.stores.encoding import decode_task, decode_world, encode_task, encode_world
from mock_mindvideo.stores.notices import Notice, Notices
from mock_mindvideo.stores.sqlite_file import columns, connect, placeholders

_TASK = ", ".join(Task._fields)
_ENTRY = ", ".join(Entry._fields)

#: Journal entries that are held back, to be written together.
_BUFFER = 200


class SqliteStore:
    """See `Store`. Evicts no tasks, keys or worlds.

    Raises StoreError (from `connect`) for a file that is not this project's.
    """

    shared = True

    def __init__(self, file: Path, lifecycle: Lifecycle, bounds: Bounds | None = None) -> None:
        self._lifecycle = lifecycle
        self._bounds = bounds or Bounds()
        self._lock = RLock()
        self._db = connect(file)
        self._notices = Notices()
        self._buffer: list[tuple[str, Entry]] = []
        self._seen_version = self._version()

    def world(self, start: WorldState) -> WorldState:
        with self._reading() as db:
            found = db.execute("SELECT state FROM worlds WHERE name = ?", (start.name,)).fetchone()
        return decode_world(found[0]) if found else self.change_world(start, lambda state: state)

    def change_world(self, start: WorldState, change: Change) -> WorldState:
        with self._writing():
            state = change(self._state(start))
            self._put_world(state)
        self._notices.give(start.name)
        return state

    def worlds(self) -> tuple[WorldState, ...]:
        with self._reading() as db:
            found = db.execute("SELECT state FROM worlds").fetchall()
        return tuple(decode_world(text) for (text,) in found)

    def reset(self, name: str) -> None:
        with self._writing() as db:
            self._buffer = [(world, entry) for world, entry in self._buffer if world != name]
            db.execute("DELETE FROM worlds WHERE name = ?", (name,))
            for table in ("tasks", "keys", "uploads", "journal"):
                db.execute(f"DELETE FROM {table} WHERE world = ?", (name,))
        self._notices.give(name)

    def create(
        self, start: WorldState, key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        with self._writing() as db:
            if key is not None:
                where = "world = ? AND idempotency_key = ?"
                if (known := self._one_task(where, start.name, key)) is not None:
                    if (known.model, known.input) != payload:
                        raise key_reused()
                    return known, True
            before = self._state(start)
            number = db.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM tasks WHERE world = ?", (start.name,)
            ).fetchone()[0]
            state, task = admit(Ground(before, number, self._refunded(before)))
            if state is not before:
                self._put_world(state)
            self._put_task(start.name, task)
        return task, False

    def task(self, world: str, task_id: str) -> Task:
        with self._reading():
            task = self._one_task("world = ? AND id = ?", world, task_id)
        if task is None:
            raise not_found(task_id)
        return task

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        limit = -1 if newest is None else newest
        with self._reading() as db:
            rows = db.execute(
                f"SELECT * FROM (SELECT {_TASK} FROM tasks WHERE world = ?"
                " ORDER BY number DESC LIMIT ?) ORDER BY number",
                (world, limit),
            ).fetchall()
        yield from map(decode_task, rows)

    def unfinished(self, world: str, now: Instant) -> tuple[Task, ...]:
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_TASK} FROM tasks WHERE world = ? AND ends_at > ? ORDER BY number",
                (world, now),
            ).fetchall()
        return tuple(map(decode_task, rows))

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        with self._writing():
            task = self._one_task("world = ? AND id = ?", start.name, task_id)
            if task is None:
                raise not_found(task_id)
            task = decide(task, self._state(start))
            self._put_task(start.name, task)
        self._notices.give(start.name)
        return task

    def add_key(self, key: Key) -> None:
        with self._writing() as db:
            db.execute(f"INSERT OR REPLACE INTO keys VALUES ({placeholders(Key)})", key)

    def key(self, digest: str) -> Key | None:
        with self._reading() as db:
            found = db.execute(
                f"SELECT {columns(Key)} FROM keys WHERE digest = ?",
                (digest,),
            ).fetchone()
        return _key(found) if found else None

    def keys(self, world: str) -> tuple[Key, ...]:
        with self._reading() as db:
            found = db.execute(
                f"SELECT {columns(Key)} FROM keys WHERE world = ? ORDER BY created_at, id",
                (world,),
            ).fetchall()
        return tuple(map(_key, found))

    def add_upload(self, world: str, upload: Upload) -> None:
        with self._writing() as db:
            db.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?)", (world, *upload))
            while self._upload_bytes() > self._bounds.uploads:
                db.execute("DELETE FROM uploads WHERE rowid = (SELECT min(rowid) FROM uploads)")
                db.execute("UPDATE dropped SET count = count + 1 WHERE what = 'uploads'")

    def upload(self, world: str, upload_id: str) -> Upload | None:
        with self._reading() as db:
            found = db.execute(
                f"SELECT {columns(Upload)} FROM uploads WHERE world = ? AND id = ?",
                (world, upload_id),
            ).fetchone()
        return Upload._make(found) if found else None

    def record(self, world: str, entry: Entry) -> None:
        with self._lock:
            self._buffer.append((world, entry))
            full = len(self._buffer) >= _BUFFER
        if full:
            self.flush()

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        self.flush()
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_ENTRY} FROM journal WHERE world = ? ORDER BY rowid DESC LIMIT ?",
                (world, newest),
            ).fetchall()
        return tuple(Entry._make(row) for row in reversed(rows))

    def counts(self) -> Mapping[str, int]:
        with self._reading() as db:
            dropped = dict(db.execute("SELECT 'dropped_' || what, count FROM dropped").fetchall())
            kept = {
                table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("worlds", "tasks", "journal", "uploads")
            }
        return dropped | kept

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        return self._notices.subscribe(notice)

    def poll(self) -> None:
        if (version := self._version()) != self._seen_version:
            self._seen_version = version
            self._notices.give(None)

    def flush(self) -> None:
        with self._lock:
            held, self._buffer = self._buffer, []
        if held:
            with self._writing() as db:
                db.executemany(
                    f"INSERT INTO journal VALUES (?, {placeholders(Entry)})",
                    [(world, *entry) for world, entry in held],
                )
                self._trim_journal(db)

    def close(self) -> None:
        self.flush()
        with self._lock:
            self._db.close()

    def _version(self) -> int:
        """Changes when another connection has written (2 µs)."""
        with self._lock:
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _state(self, start: WorldState) -> WorldState:
        found = self._db.execute(
            "SELECT state FROM worlds WHERE name = ?", (start.name,)
        ).fetchone()
        if found:
            return decode_world(found[0])
        self._put_world(start)
        return start

    def _put_world(self, state: WorldState) -> None:
        row = (state.name, encode_world(state))
        self._db.execute("INSERT OR REPLACE INTO worlds VALUES (?, ?)", row)

    def _one_task(self, where: str, *values: str) -> Task | None:
        found = self._db.execute(f"SELECT {_TASK} FROM tasks WHERE {where}", values).fetchone()
        return decode_task(found) if found else None

    def _put_task(self, world: str, task: Task) -> None:
        ends_at, refund = settlement(task, self._lifecycle)
        row = (world, ends_at, str(refund) if refund else None, *encode_task(task))
        self._db.execute(
            f"INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, {placeholders(Task)})",
            row,
        )

    def _refunded(self, state: WorldState) -> Callable[[Instant], Decimal]:
        def refunded(now: Instant) -> Decimal:
            found = self._db.execute(
                "SELECT refund FROM tasks WHERE world = ? AND refund IS NOT NULL"
                " AND number >= ? AND ends_at <= ?",
                (state.name, state.credit_from, now),
            )
            return sum((Decimal(refund) for (refund,) in found), Decimal(0))

        return refunded

    def _upload_bytes(self) -> int:
        total = self._db.execute("SELECT total(length(body)) FROM uploads").fetchone()[0]
        return int(total)

    def _trim_journal(self, db: sqlite3.Connection) -> None:
        gone = db.execute(
            "DELETE FROM journal WHERE rowid <= (SELECT max(rowid) FROM journal) - ?",
            (self._bounds.journal_entries,),
        ).rowcount
        db.execute("UPDATE dropped SET count = count + ? WHERE what = 'journal'", (gone,))


@contextmanager
def _translated() -> Iterator[None]:
    """A file that is locked for too long, or a full disk, as the refusal a client can retry."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the database cannot be used just now: {error}") from error


def _key(row: tuple[object, ...]) -> Key:
    key = Key._make(row)
    return key._replace(disabled=bool(key.disabled), deleted=bool(key.deleted))
