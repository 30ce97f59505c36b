"""The store of a process's own memory: everything is gone when it ends."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from threading import RLock

from mock_mindvideo.clock import Clock
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.account import OVERHEAD, Account, unpack
from mock_mindvideo.stores.base import Admit, Decide, Ground, Payload, key_reused, not_found
from mock_mindvideo.stores.notices import Notice, Notices
from mock_mindvideo.stores.ring import Ring


class MemoryStore:
    """See `Store`. Bounded: ended tasks and idle worlds make room, the oldest first."""

    shared = False

    def __init__(self, lifecycle: Lifecycle, clock: Clock, bounds: Bounds | None = None) -> None:
        self._lifecycle = lifecycle
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._lock = RLock()
        self._accounts: OrderedDict[str, Account] = OrderedDict()
        self._keys: dict[str, Key] = {}
        self._uploads: OrderedDict[tuple[str, str], Upload] = OrderedDict()
        self._ring = Ring(self._bounds.journal_entries, self._bounds.journal)
        self._notices = Notices()
        self._bytes = 0
        self._upload_bytes = 0
        self._dropped = {"tasks": 0, "worlds": 0, "uploads": 0}

    def world(self, start: WorldState) -> WorldState:
        with self._lock:
            return self._account(start).state

    def change_world(self, start: WorldState, change: Change) -> WorldState:
        with self._lock:
            account = self._account(start)
            account.state = change(account.state)
        self._notices.give(start.name)
        return account.state

    def worlds(self) -> tuple[WorldState, ...]:
        with self._lock:
            return tuple(account.state for account in self._accounts.values())

    def reset(self, name: str) -> None:
        with self._lock:
            self._forget(name)
        self._notices.give(name)

    def create(
        self, start: WorldState, key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        with self._lock:
            account = self._account(start)
            if key is not None and key in account.by_key:
                return self._replay(account, account.by_key[key], payload), True
            ground = Ground(account.state, account.number + 1, account.refunded)
            state, task = admit(ground)
            self._make_room(account, len(task.input) + OVERHEAD)
            account.state = state
            account.number = task.number
            self._bytes += account.put(task, self._lifecycle)
            if key is not None:
                account.by_key[key] = task.id
        return task, False

    def task(self, world: str, task_id: str) -> Task:
        try:
            return self._accounts[world].task(task_id)
        except KeyError:
            raise not_found(task_id) from None

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        with self._lock:
            account = self._accounts.get(world)
            rows = list(account.rows.values()) if account else []
        for row in rows if newest is None else rows[max(0, len(rows) - newest) :]:
            yield unpack(row)

    def unfinished(self, world: str, now: Instant) -> tuple[Task, ...]:
        with self._lock:
            account = self._accounts.get(world)
            if account is None:
                return ()
            return tuple(account.unfinished(now))

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        with self._lock:
            account = self._account(start)
            if task_id not in account.rows:
                raise not_found(task_id)
            task = decide(account.task(task_id), account.state)
            self._bytes += account.put(task, self._lifecycle)
        self._notices.give(start.name)
        return task

    def add_key(self, key: Key) -> None:
        with self._lock:
            self._keys[key.digest] = key

    def key(self, digest: str) -> Key | None:
        return self._keys.get(digest)

    def keys(self, world: str) -> tuple[Key, ...]:
        return tuple(key for key in tuple(self._keys.values()) if key.world == world)

    def add_upload(self, world: str, upload: Upload) -> None:
        with self._lock:
            self._uploads[world, upload.id] = upload
            self._upload_bytes += len(upload.body)
            while self._upload_bytes > self._bounds.uploads and len(self._uploads) > 1:
                _, gone = self._uploads.popitem(last=False)
                self._upload_bytes -= len(gone.body)
                self._dropped["uploads"] += 1

    def upload(self, world: str, upload_id: str) -> Upload | None:
        return self._uploads.get((world, upload_id))

    def record(self, world: str, entry: Entry) -> None:
        with self._lock:
            self._ring.add(world, entry)

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        with self._lock:
            return self._ring.of(world, newest)

    def counts(self) -> Mapping[str, int]:
        with self._lock:
            dropped = {f"dropped_{what}": count for what, count in self._dropped.items()}
            return dropped | {
                "dropped_journal": self._ring.dropped.total(),
                "worlds": len(self._accounts),
                "tasks": sum(len(account.rows) for account in self._accounts.values()),
                "journal": len(self._ring),
                "uploads": len(self._uploads),
            }

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        return self._notices.subscribe(notice)

    def poll(self) -> None:
        """Nothing to look for: no other process sees this memory."""

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _account(self, start: WorldState) -> Account:
        """The world's tables, made where there are none; the last used stands last."""
        account = self._accounts.get(start.name)
        if account is None:
            with self._lock:
                self._drop_idle_worlds(keep=start.name)
                account = self._accounts.setdefault(start.name, Account(start, 0))
        account.used = self._clock.real()
        self._accounts.move_to_end(start.name)
        return account

    @staticmethod
    def _replay(account: Account, task_id: str, payload: Payload) -> Task:
        task = account.task(task_id)
        if (task.model, task.input) != payload:
            raise key_reused()
        return task

    def _make_room(self, account: Account, size: int) -> None:
        """Drop ended tasks until one of `size` bytes fits; raises Unavailable if it never does."""
        if self._bytes + size > self._bounds.task_bytes:
            self._drop_idle_worlds(keep=account.state.name, size=size)
        if self._full(account, size):
            count, freed = account.drop_ended(account.state.now(self._clock.real()))
            self._bytes -= freed
            self._dropped["tasks"] += count
        if self._full(account, size):
            raise Unavailable("full of unfinished tasks: end some, or reset the world")

    def _full(self, account: Account, size: int) -> bool:
        bounds = self._bounds
        return len(account.rows) >= bounds.tasks or self._bytes + size > bounds.task_bytes

    def _drop_idle_worlds(self, keep: str, size: int = 0) -> None:
        """Drop worlds that nobody uses, the longest unused first, while there is no room."""
        for name in list(self._accounts):
            room = self._bytes + size <= self._bounds.task_bytes
            if room and len(self._accounts) < self._bounds.worlds:
                return
            if name != keep and self._idle(self._accounts[name]):
                self._forget(name)
                self._dropped["worlds"] += 1
        if len(self._accounts) >= self._bounds.worlds and keep not in self._accounts:
            raise Unavailable("full of worlds that are in use: reset some")

    def _idle(self, account: Account) -> bool:
        real = self._clock.real()
        if real - account.used > self._bounds.idle_seconds * SECOND:
            return True
        return account.idle(account.state.now(real))

    def _forget(self, name: str) -> None:
        account = self._accounts.pop(name, None)
        self._bytes -= account.size if account else 0
        self._keys = {digest: key for digest, key in self._keys.items() if key.world != name}
        for each in [each for each in self._uploads if each[0] == name]:
            self._upload_bytes -= len(self._uploads.pop(each).body)
        self._ring.forget(name)
