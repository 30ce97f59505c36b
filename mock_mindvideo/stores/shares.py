"""Who makes room where what all worlds may hold together is full: whoever holds much of it.

A world that floods its bound loses its own oldest things before any other world loses one. Where
nobody holds much, as with the many small worlds of a test suite, the oldest of all go.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from typing import Generic, TypeAlias, TypeVar

#: A world that holds more than this part of a bound holds much.
PART = 16

Item = TypeVar("Item")


#: Number, world, the thing, and its part of the bound. Numbers rise. A plain tuple, since those of
#: atoms are not tracked by the garbage collector.
Kept: TypeAlias = tuple[int, str, Item, int]


def greatest(held: Mapping[str, int], oldest: Mapping[str, int]) -> str | None:
    """The world that gives way: the one that holds the most, then the one with the oldest."""
    return max(held, key=lambda world: (held[world], -oldest[world]), default=None)


class _World:
    """What one world holds: the numbers of its things, oldest first, and the sum of their sizes."""

    __slots__ = ("held", "numbers")

    def __init__(self) -> None:
        self.numbers: deque[int] = deque()
        self.held = 0


def _weight(mine: _World) -> tuple[int, int]:
    return mine.held, -mine.numbers[0]


class Shares(Generic[Item]):
    """Things of all worlds, oldest first, and which of them gives way next.

    `bound` is the sum of sizes that is about the most of all.
    """

    __slots__ = ("_heavy", "_kept", "_much", "_worlds")

    def __init__(self, bound: int) -> None:
        self._much = bound // PART
        self._kept: OrderedDict[int, Kept[Item]] = OrderedDict()
        self._worlds: dict[str, _World] = {}
        self._heavy: dict[str, _World] = {}  # those that hold much, which are few

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, number: int, world: str, item: Item, size: int) -> None:
        """Keep a thing, the newest of all."""
        self._kept[number] = (number, world, item, size)
        mine = self._worlds.get(world)
        if mine is None:
            mine = self._worlds[world] = _World()
        mine.numbers.append(number)
        mine.held += size
        if mine.held > self._much:
            self._heavy[world] = mine

    def pop(self) -> Kept[Item]:
        """Let go of the thing that gives way first."""
        heavy = self._heavy
        if heavy:
            mine = max(heavy.values(), key=_weight)
            kept = self._kept.pop(mine.numbers.popleft())
        else:
            _, kept = self._kept.popitem(last=False)
            mine = self._worlds[kept[1]]
            mine.numbers.popleft()
        self._let_go(mine, kept[1], kept[3])
        return kept

    def _let_go(self, mine: _World, world: str, size: int) -> None:
        """Take a thing out of its world's account."""
        mine.held -= size
        if mine.held <= self._much:
            self._heavy.pop(world, None)
        if not mine.numbers:
            del self._worlds[world]

    def oldest(self) -> Iterator[Kept[Item]]:
        """What all worlds hold, the oldest first."""
        return iter(self._kept.values())

    def newest(self, world: str) -> Iterator[Kept[Item]]:
        """What the world holds, the newest first."""
        mine = self._worlds.get(world)
        return (self._kept[number] for number in reversed(mine.numbers if mine else ()))

    def forget(self, world: str) -> list[Kept[Item]]:
        """Let go of all that the world holds."""
        self._heavy.pop(world, None)
        mine = self._worlds.pop(world, None)
        return [self._kept.pop(number) for number in mine.numbers] if mine else []
