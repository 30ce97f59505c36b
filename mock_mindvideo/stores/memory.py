"""The store of a process's own memory: everything is gone when it ends."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from threading import RLock

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.journal import Entry, LogPage, Note
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.work import Work, whole
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.base import (
    Admit,
    Alter,
    Decide,
    Ground,
    Payload,
    Rearrange,
    Result,
    key_reused,
    not_found,
)
from mock_mindvideo.stores.files import MemoryFiles
from mock_mindvideo.stores.kept_worlds import KeptWorlds
from mock_mindvideo.stores.notices import Notice, Notices
from mock_mindvideo.stores.ring import Ring
from mock_mindvideo.stores.rows import END, Rows, instant
from mock_mindvideo.stores.shares import Shares
from mock_mindvideo.stores.world_tables import OVERHEAD, WorldTables
from mock_mindvideo.system.clock import Clock, SteadyClock


class MemoryStore:
    """See `Store`. Bounded: idle worlds and ended tasks make room, the oldest first."""

    kind = "memory"
    shared = False
    blocking = False

    def __init__(
        self, lifecycle: Lifecycle, clock: Clock | None = None, bounds: Bounds | None = None
    ) -> None:
        self._bounds = bounds or Bounds()
        self.clock = clock = clock or SteadyClock()
        self._lock = RLock()
        self._rows = Rows()
        self._worlds = KeptWorlds(lifecycle, clock, self._bounds, self._rows, self._forget)
        self._keys: dict[str, Key] = {}
        self.files = MemoryFiles(self._bounds.uploads)
        self._ring = Ring(self._bounds.journal_entries, self._bounds.journal)
        self._deliveries: Shares[Delivery] = Shares(MOST_DELIVERIES)
        self._delivered = 0
        self._uses: dict[str, Instant] = {}
        self._streams = 0
        self._notices = Notices()

    def enter(self, digest: str, world: str | None) -> tuple[Key | None, WorldState | None]:
        tables = self._worlds.get(world) if world is not None else None
        if tables is None:
            return self._keys.get(digest), None
        tables.used = self.clock.latest
        return self._keys.get(digest), tables.state

    def world(self, start: WorldState) -> WorldState:
        tables = self._worlds.get(start.name)
        if tables is None:
            return self.look(start, lambda ground: ground.state)
        tables.used = self.clock.latest
        return tables.state

    def look(self, start: WorldState, see: Callable[[Ground], Result]) -> Result:
        return self.change(start, lambda ground: (ground.state, see(ground)))

    def change(self, start: WorldState, alter: Alter[Result]) -> Result:
        with self._lock:
            tables = self._worlds.use(start)
            state, result = alter(_ground(tables))
            self._worlds.keep(tables)
            changed = state != tables.state
            tables.state = state
        if changed:
            self._notices.give(start.name)
        return result

    def change_all(self, change: Change) -> None:
        with self._lock:
            changed = [(tables, change(tables.state)) for tables in self._worlds]
            moved = [(tables, state) for tables, state in changed if state != tables.state]
            for tables, state in moved:
                tables.state = state
        if moved:
            self._notices.give(None)

    def worlds(self) -> tuple[WorldState, ...]:
        with self._lock:
            return tuple(tables.state for tables in self._worlds)

    def reset(self, name: str) -> None:
        whole(self.resetting(name))

    def resetting(self, name: str) -> Work[None]:
        with self._lock:
            dropped = self._worlds.drop(name)
        self._notices.give(name)
        if dropped is not None:
            yield from dropped.empty()

    def forget_if(self, seen: WorldState, number: int) -> bool:
        with self._lock:
            tables = self._worlds.get(seen.name)
            if tables is None or (tables.state, tables.number + 1) != (seen, number):
                return False
            self._worlds.drop(seen.name)
        self._notices.give(seen.name)
        whole(tables.empty())
        return True

    def note_uses(self, uses: Mapping[str, Instant]) -> None:
        with self._lock:
            self._uses |= {name: at for name, at in uses.items() if self._worlds.get(name)}

    def last_uses(self) -> Mapping[str, Instant]:
        with self._lock:
            return dict(self._uses)

    def create(
        self, start: WorldState, idempotency_key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        with self._lock:
            tables = self._worlds.use(start)
            if idempotency_key is not None and idempotency_key in tables.by_idempotency_key:
                task = tables.task(tables.by_idempotency_key[idempotency_key])
                return _replay(task, payload), True
            size = len(payload.input) + OVERHEAD
            if not self._worlds.fits(tables, size):
                self._worlds.make_room(tables, size)
            state, task = admit(_ground(tables))
            self._worlds.keep(tables)
            tables.state = state
            tables.number = max(tables.number, task.number)
            self._worlds.put(tables, task)
            if idempotency_key is not None:
                tables.by_idempotency_key[idempotency_key] = task.id
        return task, False

    def task(self, world: str, task_id: str) -> Task:
        tables = self._worlds.get(world)
        row = tables.rows.get(task_id) if tables else None
        if row is None:
            raise not_found(task_id)
        return self._rows.unpack(row)

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        with self._lock:
            tables = self._worlds.get(world)
            rows = list(tables.rows.values()) if tables else []
        for row in rows if newest is None else rows[max(0, len(rows) - newest) :]:
            yield self._rows.unpack(row)

    def unfinished(self, world: str, now: Instant) -> Iterator[Task]:
        with self._lock:
            tables = self._worlds.get(world)
            rows = list(tables.rows.values()) if tables else []
        return self._ending_after(rows, now)

    def _ending_after(self, rows: list[bytes], now: Instant) -> Iterator[Task]:
        last = instant(now)
        return (self._rows.unpack(row) for row in rows if row[:END] > last)

    def has_idempotency_key(self, world: str, idempotency_key: str) -> bool:
        tables = self._worlds.get(world)
        return tables is not None and idempotency_key in tables.by_idempotency_key

    def let_go(self, start: WorldState, idempotency_key: str, made_by: Instant) -> None:
        with self._lock:
            tables = self._worlds.get(start.name)
            task_id = tables.by_idempotency_key.get(idempotency_key) if tables else None
            if tables is None or task_id is None:
                return
            task = tables.task(task_id)
            if task.created_at <= made_by:
                del tables.by_idempotency_key[idempotency_key]
                self._worlds.put(tables, task._replace(idempotency_key=None))

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        with self._lock:
            tables = self._worlds.use(start)
            if task_id not in tables.rows:
                raise not_found(task_id)
            task = decide(tables.task(task_id), tables.state)
            self._worlds.put(tables, task)
        self._notices.give(start.name)
        return task

    def rearrange(self, start: WorldState, decide: Rearrange) -> None:
        with self._lock:
            tables = self._worlds.use(start)
            rows = list(tables.rows.values())
            changed = list(decide(tables.state, lambda now: self._ending_after(rows, now)))
            for task in changed:
                self._worlds.put(tables, task)
        if changed:
            self._notices.give(start.name)

    def add_key(self, key: Key) -> None:
        with self._lock:
            self._keys[key.digest] = key

    def key(self, digest: str) -> Key | None:
        return self._keys.get(digest)

    def keys(self, world: str) -> tuple[Key, ...]:
        with self._lock:
            return tuple(key for key in self._keys.values() if key.world == world)

    def record(self, world: str, note: Note) -> None:
        with self._lock:
            self._ring.add(world, note)

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        with self._lock:
            return self._ring.recorded(world, after, most)

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        return tuple(self.entries(world, newest))

    def entries(self, world: str, newest: int) -> Iterator[Entry]:
        with self._lock:
            return self._ring.of(world, newest)

    def forgotten(self, world: str) -> int:
        with self._lock:
            return self._ring.forgotten(world)

    def deliver(self, delivery: Delivery) -> None:
        with self._lock:
            self._delivered += 1
            self._deliveries.add(self._delivered, delivery.world, delivery, 1)
            if len(self._deliveries) > MOST_DELIVERIES:
                self._deliveries.pop()

    def deliveries(self, world: str, newest: int) -> tuple[Delivery, ...]:
        with self._lock:
            mine = [each for _, _, each, _ in islice(self._deliveries.newest(world), newest)]
        return tuple(reversed(mine))

    def streaming(self, count: int) -> None:
        self._streams = count

    def counts(self) -> Mapping[str, int]:
        with self._lock:
            dropped = self._worlds.dropped + Counter(
                uploads=self.files.dropped, journal=self._ring.dropped
            )
            names = ("tasks", "worlds", "uploads", "journal")
            return {f"dropped_{name}": dropped[name] for name in names} | {
                "worlds": len(self._worlds),
                "tasks": sum(len(tables.rows) for tables in self._worlds),
                "journal": len(self._ring),
                "uploads": len(self.files),
                "streams": self._streams,
            }

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        return self._notices.subscribe(notice)

    def poll(self) -> None:
        """Nothing to look for: no other process sees this memory."""

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _forget(self, name: str) -> None:
        """Drop what is kept of a world beside its tables."""
        self._keys = {digest: key for digest, key in self._keys.items() if key.world != name}
        self.files.forget(name)
        self._uses.pop(name, None)
        self._ring.forget(name)
        self._deliveries.forget(name)


def _ground(tables: WorldTables) -> Ground:
    return Ground(tables.state, tables.number + 1, tables.refunded, tables.free_at)


def _replay(task: Task, payload: Payload) -> Task:
    if (task.model, task.input) != payload:
        raise key_reused()
    return task
