"""The store of a Redis or Valkey: outlives processes, and is shared by several machines.

What a change does to a world is decided here, on the world as it was last seen, and carried out by
a script that first looks whether it is still so. A plain submit needs no such luck: its number and
ids are made by the script, which also adds up what it costs.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha1

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.journal import Entry, LogPage, Note
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.place import RedisAddress
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
    not_found,
)
from mock_mindvideo.stores.notices import Notice, Notices
from mock_mindvideo.stores.redis import journal as logs
from mock_mindvideo.stores.redis.beginning import check, mark
from mock_mindvideo.stores.redis.clock import Given, SharedClock
from mock_mindvideo.stores.redis.creating import Creating, key_field
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.files import RedisFiles
from mock_mindvideo.stores.redis.ground import PATIENCE, Grounds
from mock_mindvideo.stores.redis.keys import KeyIndex
from mock_mindvideo.stores.redis.listening import Listener
from mock_mindvideo.stores.redis.names import CHANNEL, USES, WORLDS, WorldKeys
from mock_mindvideo.stores.redis.processes import OpenCounts
from mock_mindvideo.stores.redis.reading import TaskTable
from mock_mindvideo.stores.redis.tasks import moment, row_of
from mock_mindvideo.system.clock import Clock

logger = logging.getLogger("mock_mindvideo")


class RedisStore:
    """See `Store`. Evicts no tasks, keys or worlds.

    Raises StoreError for a server that is away or cannot be this store. One that must be there,
    since other processes have it, is `existing`: it is looked for when it is needed.
    """

    kind = "redis"
    shared = True
    blocking = True

    def __init__(
        self,
        address: RedisAddress,
        lifecycle: Lifecycle,
        bounds: Bounds | None = None,
        clock: Clock | None = None,
        *,
        existing: bool = False,
    ) -> None:
        bounds = bounds or Bounds()
        token = secrets.token_hex(6)
        self._lifecycle = lifecycle
        self._engine = Engine(address)
        self._notices = Notices()
        self._listener = Listener(self._engine, token, self._notices.give)
        self._comparing = SharedClock(self._engine) if clock is None else Given(clock)
        self.clock: Clock = clock or self._comparing
        self._grounds = Grounds(self._engine, self._comparing, self._listener.saying)
        self._creating = Creating(self._grounds, lifecycle)
        self._tasks = TaskTable(self._grounds)
        self._keys = KeyIndex(self._engine)
        self.files = RedisFiles(self._engine, bounds.uploads)
        self._journal = logs.journal(self._engine, bounds)
        self._deliveries = logs.deliveries(self._engine)
        self._streams = OpenCounts(self._engine, self.clock.real, token)
        if not existing:
            self._begin()
            return
        with suppress(Unavailable):  # told to whoever needs it
            self._comparing.compare()

    def _begin(self) -> None:
        try:
            check(self._engine)
            mark(self._engine)
            self._comparing.compare()
            self._listener.begin()
        except BaseException:
            self._engine.close()
            raise

    def enter(self, digest: str, world: str | None) -> tuple[Key | None, WorldState | None]:
        if world is None:
            return self._keys.get(digest), None
        found, *parts = self._engine.ask_all((KeyIndex.query(digest), Grounds.query(world)))
        seen = self._grounds.glanced(world, *parts)
        return self._keys.read(found), seen.state if seen else None

    def world(self, start: WorldState) -> WorldState:
        return self._grounds.made(start).state

    def look(self, start: WorldState, see: Callable[[Ground], Result]) -> Result:
        return self._grounds.look(start, see)

    def change(self, start: WorldState, alter: Alter[Result]) -> Result:
        result, changed = self._grounds.change(start, alter)
        if changed:
            self._notices.give(start.name)
        return result

    def change_all(self, change: Change) -> None:
        """See `Store`; each world by itself is changed atomically."""
        before = self.worlds()
        moved = [state for state in before if change(state) != state]
        for state in moved:
            self._grounds.change(state, lambda ground: (change(ground.state), None))
        if moved:
            self._notices.give(None)

    def worlds(self) -> tuple[WorldState, ...]:
        names = self._engine.ask("SMEMBERS", WORLDS)
        found = (self._grounds.find(each.decode()) for each in names)
        return tuple(seen.state for seen in found if seen is not None)

    def reset(self, name: str) -> None:
        whole(self.resetting(name))

    def resetting(self, name: str) -> Work[None]:
        yield from self._forgetting(name)
        self._engine.ask("SREM", WORLDS, name)
        self._dropped(name)

    def forget_if(self, seen: WorldState, number: int) -> bool:
        found = self._grounds.find(seen.name)
        if found is None or (found.state, found.number + 1) != (seen, number):
            return False
        if not self._dropped(seen.name, found.version, str(found.number), found.books or "0"):
            return False
        whole(self._forgetting(seen.name))
        if self._grounds.find(seen.name) is None:  # nobody has made it anew meanwhile
            self._engine.ask("SREM", WORLDS, seen.name)
        return True

    def _dropped(self, name: str, *believed: str) -> bool:
        """Whether the world and its tasks are gone: always, or only if they are as believed."""
        told = self._listener.saying(name)
        if not self._engine.run("reset", WorldKeys.of(name), CHANNEL, told, *believed):
            return False
        self._grounds.known.forget(name)
        self._notices.give(name)
        return True

    def _forgetting(self, name: str) -> Work[None]:
        """Drop what is kept of a world beside it and its tasks."""
        yield from self._journal.forgetting(name)
        yield from self._deliveries.forgetting(name)
        self.files.forget(name)
        self._keys.forget(name)
        self._engine.ask("HDEL", USES, name)

    def note_uses(self, uses: Mapping[str, Instant]) -> None:
        marks = [part for name, at in uses.items() for part in (name, at)]
        self._engine.ask("HSET", USES, *marks)

    def last_uses(self) -> Mapping[str, Instant]:
        found = self._engine.ask("HGETALL", USES)
        return {name.decode(): int(at) for name, at in found.items()}

    def create(
        self, start: WorldState, idempotency_key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        return self._creating.create(start, idempotency_key, payload, admit)

    def task(self, world: str, task_id: str) -> Task:
        return self._tasks.get(world, task_id)

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        return self._tasks.of(world, newest)

    def unfinished(self, world: str, now: Instant) -> Iterator[Task]:
        return self._tasks.unfinished(world, now)

    def has_idempotency_key(self, world: str, idempotency_key: str) -> bool:
        return self._tasks.has_key(world, idempotency_key)

    def let_go(self, start: WorldState, idempotency_key: str, made_by: Instant) -> None:
        task = self._tasks.under(start.name, idempotency_key)
        if task is None or task.created_at > made_by:
            return
        self._grounds.run("let_go", start.name, key_field(idempotency_key), task.id)
        self.move(start, task.id, lambda kept, _: kept._replace(idempotency_key=None))

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        with self._grounds.turn_of(start.name):
            for _ in range(PATIENCE):
                known = self._grounds.known.last(start)
                row, found = self._grounds.run(
                    "look", start.name, task_id, "", known.version, known.revision
                )
                if not row:
                    raise not_found(task_id)
                seen = self._grounds.take(known, start, found)
                task = decide(self._grounds.task_in(row), seen.state)
                if self._moved(start.name, seen.version, row, task):
                    break
            else:
                raise self._grounds.too_busy(start.name)
        self._notices.give(start.name)
        return task

    def _moved(self, world: str, version: str, row: bytes, task: Task) -> bool:
        """Whether the task was replaced, since it was still as that row."""
        new = row_of(task, self._lifecycle)
        digest = sha1(row, usedforsecurity=False).hexdigest()
        real, ids = moment(self.clock.real()), (task.number, task.id, task.request_id)
        told = self._listener.saying(world)
        arguments = (version, digest, real, *new, *ids, CHANNEL, told)
        return bool(self._grounds.run("move", world, *arguments))

    def rearrange(self, start: WorldState, decide: Rearrange) -> None:
        unfinished = partial(self._tasks.unfinished, start.name)
        for _ in range(PATIENCE):
            changed = list(decide(self.world(start), unfinished))
            if not changed:
                return
            for task in changed:
                self._rewrite(start, task)
        raise self._grounds.too_busy(start.name)

    def _rewrite(self, start: WorldState, wanted: Task) -> None:
        """Let the task wait as wanted, unless somebody moved it meanwhile."""

        def waits(task: Task, _: WorldState) -> Task:
            return task._replace(waits=wanted.waits) if task.moves == wanted.moves else task

        with suppress(TaskNotFound):  # the world was reset
            self.move(start, wanted.id, waits)

    def add_key(self, key: Key) -> None:
        self._keys.put(key)

    def key(self, digest: str) -> Key | None:
        return self._keys.get(digest)

    def keys(self, world: str) -> tuple[Key, ...]:
        return self._keys.of(world)

    def record(self, world: str, note: Note) -> None:
        self._journal.add(world, note)

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        last, lost, entries = self._journal.recorded(
            world, after or 0, 0 if after is None else most
        )
        if after is None:
            return LogPage((), last)
        full = len(entries) == most
        return LogPage(tuple(entries), entries[-1][0] if full else last, lost > after)

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        return tuple(self.entries(world, newest))

    def entries(self, world: str, newest: int) -> Iterator[Entry]:
        return self._journal.newest(world, newest)

    def forgotten(self, world: str) -> int:
        self._journal.flush()
        return self._journal.sums(f"dropped of {world}")[0]

    def deliver(self, delivery: Delivery) -> None:
        self._deliveries.add(delivery.world, delivery)

    def deliveries(self, world: str, newest: int) -> tuple[Delivery, ...]:
        return tuple(self._deliveries.newest(world, newest))

    def streaming(self, count: int) -> None:
        self._streams.tell(count)

    def counts(self) -> Mapping[str, int]:
        names = [WorldKeys.of(each.decode()) for each in self._engine.ask("SMEMBERS", WORLDS)]
        worlds = sum(self._engine.ask_all([("EXISTS", each.world) for each in names]))
        tasks = sum(self._engine.ask_all([("ZCARD", each.ids) for each in names]))
        entries, acts, dropped = self._journal.sums("entries", "acts", "dropped")
        uploads, dropped_uploads = self.files.counts()
        return {
            "dropped_tasks": 0,
            "dropped_worlds": 0,
            "dropped_uploads": dropped_uploads,
            "dropped_journal": dropped,
            "worlds": worlds,
            "tasks": tasks,
            "journal": entries - acts,
            "uploads": uploads,
            "streams": self._streams.all(),
        }

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        return self._notices.subscribe(notice)

    def poll(self) -> None:
        self._listener.poll()

    def flush(self) -> None:
        if self._comparing.due:
            mark(self._engine)
            self._comparing.compare()
        self._journal.flush()
        self._deliveries.flush()
        self._streams.flush()

    def close(self) -> None:
        self._streams.tell(0)
        try:
            self.flush()
        except Unavailable as problem:
            logger.warning("part of the journal was lost: %s", problem)
        self._listener.close()
        self._engine.close()
