"""Who makes room where what all worlds may hold together is full: whoever holds much of it.

A world that floods its bound loses its own oldest things before any other world loses one. Where
nobody holds much, as with the many small worlds of a test suite, the oldest of all go.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from heapq import heapify, heappop, heappush, heapreplace
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeAlias, TypeVar

#: A world that holds more than this part of a bound holds much.
PART = 16

#: Entries of worlds that are gone which a heap may have beside as many as there are worlds.
_SPARE = 64

Item = TypeVar("Item")


#: Number, world, the thing, and its part of the bound. Numbers rise. A plain tuple, since those of
#: atoms are not tracked by the garbage collector.
Kept: TypeAlias = tuple[int, str, Item, int]


def greatest(held: Mapping[str, int], oldest: Mapping[str, int]) -> str | None:
    """The world that gives way: the one that holds the most, then the one with the oldest."""
    return max(held, key=lambda world: (held[world], -oldest[world]), default=None)


class _World(Generic[Item]):
    """What one world holds, oldest first, and the sum of its sizes."""

    __slots__ = ("held", "things")

    def __init__(self) -> None:
        self.things: deque[Kept[Item]] = deque()
        self.held = 0


def _weight(mine: _World[Item]) -> tuple[int, int]:
    return mine.held, -mine.things[0][0]


class Shares(Generic[Item]):
    """Things of all worlds, oldest first, and which of them gives way next.

    `bound` is the sum of sizes that is about the most of all.
    """

    __slots__ = ("_count", "_heavy", "_much", "_oldest", "_worlds")

    def __init__(self, bound: int) -> None:
        self._much = bound // PART
        self._count = 0
        self._worlds: dict[str, _World[Item]] = {}
        self._heavy: dict[str, _World[Item]] = {}  # those that hold much, which are few
        #: A heap of worlds by their oldest thing. An entry may be of a thing that is gone by now.
        self._oldest: list[tuple[int, _World[Item]]] = []

    def __len__(self) -> int:
        return self._count

    def add(self, number: int, world: str, item: Item, size: int) -> None:
        """Keep a thing, the newest of all."""
        mine = self._worlds.get(world) or self._begin(number, world)
        mine.things.append((number, world, item, size))
        self._count += 1
        mine.held += size
        if mine.held > self._much:
            self._heavy[world] = mine

    def pop(self) -> Kept[Item]:
        """Let go of the thing that gives way first."""
        mine = self._heaviest() if self._heavy else self._longest_kept()
        kept = mine.things.popleft()
        _, world, _, size = kept
        self._count -= 1
        mine.held -= size
        if mine.held <= self._much:
            self._heavy.pop(world, None)
        if not mine.things:
            del self._worlds[world]
        return kept

    def oldest(self) -> list[Kept[Item]]:
        """What all worlds hold, the oldest first."""
        of_worlds = (mine.things for mine in self._worlds.values())
        return sorted(chain.from_iterable(of_worlds), key=itemgetter(0))

    def newest(self, world: str) -> Iterator[Kept[Item]]:
        """What the world holds, the newest first."""
        mine = self._worlds.get(world)
        return reversed(mine.things) if mine else iter(())

    def forget(self, world: str) -> list[Kept[Item]]:
        """Let go of all that the world holds."""
        self._heavy.pop(world, None)
        mine = self._worlds.pop(world, None)
        if mine is None:
            return []
        things, mine.things = mine.things, deque()
        self._count -= len(things)
        return list(things)

    def _begin(self, number: int, world: str) -> _World[Item]:
        if len(self._oldest) > 2 * len(self._worlds) + _SPARE:
            self._oldest = [(mine.things[0][0], mine) for mine in self._worlds.values()]
            heapify(self._oldest)
        mine = self._worlds[world] = _World[Item]()
        heappush(self._oldest, (number, mine))
        return mine

    def _heaviest(self) -> _World[Item]:
        """The world that gives way where some hold much."""
        heavy = self._heavy.values()
        return max(heavy, key=_weight) if len(heavy) > 1 else next(iter(heavy))

    def _longest_kept(self) -> _World[Item]:
        """The world with the oldest thing of all."""
        heap = self._oldest
        while True:
            number, mine = heap[0]
            if not mine.things:
                heappop(heap)
            elif mine.things[0][0] == number:
                return mine
            else:
                heapreplace(heap, (mine.things[0][0], mine))
