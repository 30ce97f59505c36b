"""The store of one file: outlives the process, shared by several (SQLite in WAL mode).

Every change is one `BEGIN IMMEDIATE` transaction, so that processes take turns and a crash at
any moment leaves all of it or nothing.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from sqlite3 import Connection

from mock_mindvideo.domain.anchor import Anchor
from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.journal import Entry, LogPage, Note
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.work import Work
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.settings import PROCESS, Bounds
from mock_mindvideo.stores.base import (
    Admit,
    Alter,
    Decide,
    Ground,
    Payload,
    Rearrange,
    Result,
    key_reused,
)
from mock_mindvideo.stores.notices import Notice, Notices
from mock_mindvideo.stores.sqlite_emptying import emptying
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders
from mock_mindvideo.stores.sqlite_files import SqliteFiles, forget
from mock_mindvideo.stores.sqlite_journal import OF_WORLD, JournalTable, exchanges, forgotten
from mock_mindvideo.stores.sqlite_refunds import Refunds
from mock_mindvideo.stores.sqlite_streams import DeliveryTable, FileStreamCounts
from mock_mindvideo.stores.sqlite_tables import KeyTable
from mock_mindvideo.stores.sqlite_tasks import (
    free_at,
    next_number,
    number_of_newest,
    numbered,
    put_task,
    task_of_id,
    task_under,
    unfinished_in,
)
from mock_mindvideo.stores.sqlite_worlds import WorldTable
from mock_mindvideo.system.clock import Clock, SteadyClock

_DROPPED = "SELECT 'dropped_' || what, count FROM dropped WHERE what NOT LIKE ?"


logger = logging.getLogger("mock_mindvideo")


class SqliteStore:
    """See `Store`. Evicts no tasks, keys or worlds. `durability` is one of the settings'.

    Raises StoreError for a file that cannot be opened or is not this project's. One that must be
    there, since other processes have it, is `existing`: it is opened when it is needed, and never
    made.
    """

    kind = "sqlite"
    shared = True
    blocking = False

    def __init__(
        self,
        file: Path,
        lifecycle: Lifecycle,
        bounds: Bounds | None = None,
        clock: Clock | None = None,
        durability: str = PROCESS,
        *,
        existing: bool = False,
    ) -> None:
        bounds = bounds or Bounds()
        self._lifecycle = lifecycle
        self._database = Database(file, durability, existing=existing)
        self.clock = clock or self._steady(existing=existing)
        self._worlds = WorldTable()
        self._keys = KeyTable(self._database)
        self.files = SqliteFiles(self._database, bounds.uploads)
        self._journal = JournalTable(self._database, bounds.journal_entries, bounds.journal)
        self._deliveries = DeliveryTable(self._database)
        self._streams = FileStreamCounts(self._database, self.clock.real)
        self._notices = Notices()
        self._seen_version = (0, 0) if existing else self._database.version()

    def enter(self, digest: str, world: str | None) -> tuple[Key | None, WorldState | None]:
        key = self._keys.get(digest)
        if world is None:
            return key, None
        with self._database.reading() as db:
            return key, self._worlds.get(db, world)

    def world(self, start: WorldState) -> WorldState:
        with self._database.reading() as db:
            if (found := self._worlds.get(db, start.name)) is not None:
                return found
        return self._made(start)

    def look(self, start: WorldState, see: Callable[[Ground], Result]) -> Result:
        self.world(start)
        with self._database.snapshot() as db:
            return see(self._ground(db, start))

    def change(self, start: WorldState, alter: Alter[Result]) -> Result:
        with self._database.writing() as db:
            ground = self._ground(db, start)
            state, result = alter(ground)
            changed = state != ground.state
            if changed:
                self._worlds.put(db, state)
        if changed:
            self._notices.give(start.name)
        return result

    def _made(self, start: WorldState) -> WorldState:
        """The world, made if it is new: where each process drew its own seed, one is kept."""
        with self._database.writing() as db:
            return self._state(db, start)

    def change_all(self, change: Change) -> None:
        changed = False
        with self._database.writing() as db:
            for before in self._worlds.all(db):
                after = change(before)
                if after != before:
                    self._worlds.put(db, after)
                    changed = True
        if changed:
            self._notices.give(None)

    def worlds(self) -> tuple[WorldState, ...]:
        with self._database.reading() as db:
            return tuple(self._worlds.all(db))

    def resetting(self, name: str) -> Work[None]:
        yield from emptying(self._database, name)
        self.reset(name)

    def reset(self, name: str) -> None:
        self._journal.forget(name)
        self._deliveries.forget(name)
        with self._database.writing() as db:
            self._drop(db, name)
        self._notices.give(name)

    def forget_if(self, seen: WorldState, number: int) -> bool:
        with self._database.writing() as db:
            found = self._worlds.get(db, seen.name)
            if found != seen or next_number(db, seen.name) != number:
                return False
            self._drop(db, seen.name)
        self._journal.forget(seen.name)
        self._deliveries.forget(seen.name)
        self._notices.give(seen.name)
        return True

    def _drop(self, db: Connection, name: str) -> None:
        self._worlds.drop(db, name)
        forget(db, name)
        for table in ("tasks", "keys", "journal", "deliveries", "uses"):
            db.execute(f"DELETE FROM {table} WHERE world = ?", (name,))
        db.execute("DELETE FROM dropped WHERE what = ?", (OF_WORLD + name,))

    def note_uses(self, uses: Mapping[str, Instant]) -> None:
        with self._database.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO uses SELECT name, ? FROM worlds WHERE name = ?",
                [(at, name) for name, at in uses.items()],
            )

    def last_uses(self) -> Mapping[str, Instant]:
        with self._database.reading() as db:
            return dict(db.execute("SELECT world, at FROM uses").fetchall())

    def create(
        self, start: WorldState, idempotency_key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        with self._database.writing() as db:
            known = task_under(db, start.name, idempotency_key)
            if known is not None:
                if (known.model, known.input) != payload:
                    raise key_reused()
                return known, True
            ground = self._ground(db, start)
            refunds = Refunds(db, ground.state)
            state, task = admit(ground._replace(refunded=refunds))
            state = refunds.settle(state)
            if state is not ground.state:
                self._worlds.put(db, state)
            put_task(db, self._lifecycle, start.name, task)
        return task, False

    def task(self, world: str, task_id: str) -> Task:
        with self._database.reading() as db:
            return task_of_id(db, world, task_id)

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        with self._database.reading() as db:
            last = next_number(db, world) - 1
            first = 0 if newest is None else last + 1
            if newest:
                first = number_of_newest(db, world, newest)
        return numbered(self._database, world, first, last)

    def unfinished(self, world: str, now: Instant) -> Iterator[Task]:
        with self._database.reading() as db:
            last = next_number(db, world) - 1
        return numbered(self._database, world, 0, last, now)

    def has_idempotency_key(self, world: str, idempotency_key: str) -> bool:
        with self._database.reading() as db:
            return task_under(db, world, idempotency_key) is not None

    def let_go(self, start: WorldState, idempotency_key: str, made_by: Instant) -> None:
        with self._database.writing() as db:
            task = task_under(db, start.name, idempotency_key)
            if task is not None and task.created_at <= made_by:
                kept = task._replace(idempotency_key=None)
                put_task(db, self._lifecycle, start.name, kept)

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        with self._database.writing() as db:
            task = decide(task_of_id(db, start.name, task_id), self._state(db, start))
            put_task(db, self._lifecycle, start.name, task)
        self._notices.give(start.name)
        return task

    def rearrange(self, start: WorldState, decide: Rearrange) -> None:
        with self._database.writing() as db:
            state = self._state(db, start)
            changed = list(decide(state, partial(unfinished_in, db, start.name)))
            for task in changed:
                put_task(db, self._lifecycle, start.name, task)
        if changed:
            self._notices.give(start.name)

    def add_key(self, key: Key) -> None:
        self._keys.put(key)

    def key(self, digest: str) -> Key | None:
        return self._keys.get(digest)

    def keys(self, world: str) -> tuple[Key, ...]:
        return self._keys.of(world)

    def record(self, world: str, note: Note) -> None:
        self._journal.add(world, note)

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        return self._journal.recorded(world, after, most)

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        return tuple(self._journal.of(world, newest))

    def entries(self, world: str, newest: int) -> Iterator[Entry]:
        return self._journal.of(world, newest)

    def forgotten(self, world: str) -> int:
        self._journal.flush()
        with self._database.reading() as db:
            return forgotten(db, world)

    def deliver(self, delivery: Delivery) -> None:
        self._deliveries.add(delivery)

    def deliveries(self, world: str, newest: int) -> tuple[Delivery, ...]:
        return self._deliveries.of(world, newest)

    def streaming(self, count: int) -> None:
        self._streams.tell(count)

    def counts(self) -> Mapping[str, int]:
        with self._database.reading() as db:
            dropped = dict(db.execute(_DROPPED, (f"{OF_WORLD}%",)).fetchall())
            kept = {
                table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("worlds", "tasks")
            }
            journal = exchanges(db)
            uploads = db.execute("SELECT count(*) FROM uploads WHERE finished").fetchone()[0]
        beside = {"journal": journal, "uploads": uploads, "streams": self._streams.all()}
        return dropped | kept | beside

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        return self._notices.subscribe(notice)

    def poll(self) -> None:
        if (version := self._database.version()) != self._seen_version:
            self._seen_version = version
            self._notices.give(None)

    def flush(self) -> None:
        self._journal.flush()
        self._deliveries.flush()
        self._streams.flush()

    def close(self) -> None:
        self._streams.tell(0)
        try:
            self.flush()
        except Unavailable as problem:
            logger.warning("part of the journal was lost: %s", problem)
        self._database.close()

    def _steady(self, *, existing: bool) -> Clock:
        """The clock of all processes on the file."""
        clock = SteadyClock(self._anchor, late=existing)
        self._database.undone = clock.doubt
        return clock

    def _anchor(self, move: Callable[[Anchor | None], Anchor]) -> Anchor:
        """Put the clock's anchor through `move`; raises Unavailable rather than wait."""
        with self._database.writing(wait=not hasattr(self, "clock")) as db:
            found = db.execute(f"SELECT {columns(Anchor)} FROM clock").fetchone()
            anchor = move(Anchor._make(found) if found else None)
            db.execute("DELETE FROM clock")
            db.execute(f"INSERT INTO clock VALUES ({placeholders(Anchor)})", anchor)
        return anchor

    def _ground(self, db: Connection, start: WorldState) -> Ground:
        state = self._state(db, start)
        free = partial(free_at, db, start.name)
        return Ground(state, next_number(db, start.name), Refunds(db, state), free)

    def _state(self, db: Connection, start: WorldState) -> WorldState:
        found = self._worlds.get(db, start.name)
        if found is None:
            self._worlds.put(db, start)
        return found or start
