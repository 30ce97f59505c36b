"""The worlds in a process's memory, within their bounds: who makes room, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterator

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.rows import Rows
from mock_mindvideo.stores.world_tables import WorldTables
from mock_mindvideo.system.clock import Clock


class KeptWorlds:
    """Worlds by name. Called under the store's lock.

    `forget` is told the name of each world that is dropped.
    """

    def __init__(
        self,
        lifecycle: Lifecycle,
        clock: Clock,
        bounds: Bounds,
        rows: Rows,
        forget: Callable[[str], None],
    ) -> None:
        self._lifecycle = lifecycle
        self._clock = clock
        self._bounds = bounds
        self._rows = rows
        self._forget = forget
        self._worlds: dict[str, WorldTables] = {}
        self._size = 0
        self.dropped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[WorldTables]:
        return iter(self._worlds.values())

    def __len__(self) -> int:
        return len(self._worlds)

    def get(self, name: str) -> WorldTables | None:
        """The world of that name, if it is kept; not counted as a use."""
        return self._worlds.get(name)

    def use(self, start: WorldState) -> WorldTables:
        """The world, or a new one that is not kept yet."""
        tables = self._worlds.get(start.name)
        if tables is None:
            return WorldTables(start, self._clock.real(), self._rows)
        tables.used = self._clock.real()
        return tables

    def keep(self, tables: WorldTables) -> None:
        """Keep a world that `use` gave; raises Unavailable if worlds in use fill the bound."""
        name = tables.state.name
        if name in self._worlds:
            return
        self._drop_idle_worlds(lambda: len(self._worlds) < self._bounds.worlds)
        if len(self._worlds) >= self._bounds.worlds:
            raise Unavailable("full of worlds that are in use: reset some")
        self._worlds[name] = tables

    def put(self, tables: WorldTables, task: Task) -> None:
        """Write a task of a kept world."""
        self._size += tables.put(task, self._lifecycle)

    def make_room(self, tables: WorldTables, size: int) -> None:
        """Let idle worlds go, then ended tasks, until a new task of `size` bytes fits.

        Raises Unavailable if only unfinished ones are left.
        """

        if self._fits(tables, size):
            return

        def fits() -> bool:
            return self._fits(tables, size)

        others: list[WorldTables] = []
        if self._size + size > self._bounds.task_bytes:
            self._drop_idle_worlds(fits, but=tables)
            others = [each for each in self if each is not tables]
        for each in (tables, *others):
            while not fits() and self._drop_ended(each):
                pass  # as many as the new one needs
        if not fits():
            raise Unavailable("full of unfinished tasks: end some, or reset the world")

    def _fits(self, tables: WorldTables, size: int) -> bool:
        bounds = self._bounds
        return len(tables.rows) < bounds.tasks and self._size + size <= bounds.task_bytes

    def drop(self, name: str) -> WorldTables | None:
        """Forget a world; its tables, None where there is none."""
        tables = self._worlds.pop(name, None)
        self._size -= tables.size if tables else 0
        self._forget(name)
        return tables

    def _drop_idle_worlds(self, enough: Callable[[], bool], but: WorldTables | None = None) -> None:
        """Drop worlds that nobody uses, the longest unused first, until there is room."""
        if enough():
            return
        idle = [each for each in self._idle(self._clock.real()) if each is not but]
        for tables in sorted(idle, key=lambda each: each.used):
            self.drop(tables.state.name)
            self.dropped["worlds"] += 1
            if enough():
                return

    def _drop_ended(self, tables: WorldTables) -> bool:
        """Drop some of a world's ended tasks; whether there were any."""
        count, freed = tables.drop_ended(tables.state.now(self._clock.real()))
        self._size -= freed
        self.dropped["tasks"] += count
        return count > 0

    def _idle(self, real: Instant) -> Iterator[WorldTables]:
        """The worlds that nobody uses. All are looked at, so the look is a short one."""
        unused = real - self._bounds.idle_seconds * SECOND
        for tables in self._worlds.values():
            if tables.used < unused or tables.idle(tables.state.now(real)):
                yield tables
