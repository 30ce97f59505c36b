"""The worlds in a process's memory, within their bounds: who makes room, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.keys import DEFAULT_WORLD
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.rows import Rows
from mock_mindvideo.stores.shares import PART
from mock_mindvideo.stores.world_tables import WorldTables
from mock_mindvideo.system.clock import Clock

#: Of the bytes of all tasks, the part that is made free at once, since each look for it costs.
_SPARE = 1024


class KeptWorlds:
    """Worlds by name. Called under the store's lock.

    Worlds that nobody uses make room first; then the ended tasks of the world that holds the most,
    so that one that floods loses its own, and what is in another stays (see `shares`).

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
        #: The world of a name, if it is kept; not counted as a use.
        self.get: Callable[[str], WorldTables | None] = self._worlds.get
        self._size = 0
        self.dropped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[WorldTables]:
        return iter(self._worlds.values())

    def __len__(self) -> int:
        return len(self._worlds)

    def use(self, start: WorldState) -> WorldTables:
        """The world, or a new one that is not kept yet."""
        tables = self._worlds.get(start.name)
        if tables is None:
            return WorldTables(start, self._clock.real(), self._rows)
        tables.used = self._clock.latest
        return tables

    def keep(self, tables: WorldTables) -> None:
        """Keep a world that `use` gave; raises Unavailable if worlds in use fill the bound."""
        name = tables.state.name
        if name in self._worlds:
            return
        if not self._another():
            idle = sorted(self._idle(), key=lambda each: (not each.bare, each.used))
            self._drop_worlds(self._another, idle)
        if not self._another():
            raise Unavailable("full of worlds that are in use: reset some")
        self._worlds[name] = tables

    def _another(self) -> bool:
        """Whether there is room for one more."""
        return len(self._worlds) < self._bounds.worlds

    def put(self, tables: WorldTables, task: Task) -> None:
        """Write a task of a kept world."""
        self._size += tables.put(task, self._lifecycle)

    def make_room(self, tables: WorldTables, size: int) -> None:
        """Let worlds go that nobody uses, then ended tasks, until a new task fits.

        Raises Unavailable where that is not enough.
        """

        def fits() -> bool:
            return self.fits(tables, size)

        while len(tables.rows) >= self._bounds.tasks and self._drop_ended(tables, size):
            pass
        if not fits():
            self._drop_worlds(fits, self._making_room(tables))
            self._level(fits, tables, size)
        if not fits():
            raise Unavailable("full of unfinished tasks: end some, or reset the world")

    def fits(self, tables: WorldTables, size: int) -> bool:
        """Whether there is room for a new task of `size` bytes.

        The more a world holds, the more it has to leave to others: one that fills up with tasks
        that never end does not lock the others out.
        """
        if len(tables.rows) >= self._bounds.tasks:
            return False
        held = tables.size + size
        return self._size + size + held // (PART - 1) <= self._bounds.task_bytes

    def _level(self, fits: Callable[[], bool], tables: WorldTables, size: int) -> None:
        """Drop ended tasks of the world that is largest, again and again, until there is room.

        The world of the new task counts as it will be. Where it is the largest, and nothing of it
        has ended, the others lose nothing for it.
        """
        much = self._bounds.task_bytes // PART
        enough = max(size, self._bounds.task_bytes // _SPARE)
        largest = [
            (-each.size - size * (each is tables), each.used, number, each)
            for number, each in enumerate(self)
        ]
        heapify(largest)
        while largest and not fits():
            held, used, number, each = heappop(largest)
            if freed := self._drop_ended(each, enough):
                heappush(largest, (held + freed, used, number, each))
            elif each is tables and -held > much:
                return

    def _making_room(self, but: WorldTables) -> list[WorldTables]:
        """Worlds that may go for the sake of a task, the longest unused first.

        Where no world holds much, those in which every task has ended are among them; which hold
        little, go last.
        """
        much = self._bounds.task_bytes // PART
        found = self._idle(unused_only=any(each.size > much for each in (*self, but)))
        little = self._size / 2 / max(1, len(self))
        going = (each for each in found if each is not but)
        return sorted(going, key=lambda each: (each.size < little, each.used))

    def drop(self, name: str) -> WorldTables | None:
        """Forget a world; its tables, None where there is none."""
        tables = self._worlds.pop(name, None)
        self._size -= tables.size if tables else 0
        self._forget(name)
        return tables

    def _drop_worlds(self, enough: Callable[[], bool], going: Iterable[WorldTables]) -> None:
        """Drop worlds until there is room, in the order given."""
        for tables in going:
            if enough():
                return
            self.drop(tables.state.name)
            self.dropped["worlds"] += 1

    def _drop_ended(self, tables: WorldTables, enough: int) -> int:
        """Drop some of a world's ended tasks, `enough` bytes or many; the bytes that frees."""
        count, freed = tables.drop_ended(tables.state.now(self._clock.real()), enough)
        self._size -= freed
        self.dropped["tasks"] += count
        return freed

    def _idle(self, *, unused_only: bool = False) -> Iterator[WorldTables]:
        """The worlds that nobody uses: not for long, or every task has ended.

        All are looked at, so the look is a short one. `default` always stays: it is the world of
        the documented key.
        """
        real = self._clock.real()
        unused = real - self._bounds.idle_seconds * SECOND
        for each in self:
            if each.state.name != DEFAULT_WORLD and (
                each.used < unused or (not unused_only and each.idle(each.state.now(real)))
            ):
                yield each
