"""Arrays: sizes, items by position, contained items, and items that are alike or all different."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from .goals import ANYTHING, Atom, Goal
from .shapes import NOTHING, Compiler, Shape, literal
from .strings import tighter
from .values import Json, key

_SPOTS = 3  # positions tried for an odd item


@dataclass(frozen=True, slots=True)
class Contains:
    """Between `low` and `high` items for which the atom comes true."""

    atom: Atom
    low: int
    high: int | None

    def others(self) -> Goal:
        """What the remaining items have to do, so that they are not counted."""
        return frozenset({replace(self.atom, holds=not self.atom.holds)})


@dataclass(frozen=True, slots=True)
class Odd:
    """One item from `start` on does `goal`, and is let off what `spared` asks."""

    start: int
    goal: Goal
    spared: Goal = ANYTHING


@dataclass(frozen=True, slots=True)
class Array(Shape):
    """Arrays whose item at a position does `prefix[position]`, or `rest` after those.

    `unique` is True for all different, False for two alike, None for either.
    """

    prefix: tuple[Goal, ...] = ()
    rest: Goal = ANYTHING
    low: int = 0
    high: int | None = None
    unique: bool | None = None
    contains: frozenset[Contains] = frozenset()
    odd: frozenset[Odd] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "array"

    def at(self, index: int) -> Goal:
        """Give the goal of the item at this position."""
        return self.prefix[index] if index < len(self.prefix) else self.rest

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check the items one by one, the odd ones apart."""
        return (
            self.low <= len(value)
            and (self.high is None or len(value) <= self.high)
            and (self.unique is None or self.unique == (len(set(map(key, value))) == len(value)))
            and all(self._counts(each, value, compiler) for each in self.contains)
            and self._items_fit(value, compiler)
            and key(value) not in self.excluded
        )

    def height(self, compiler: Compiler) -> float:
        """Stand one above the highest item that cannot be left out."""
        if self.odd:
            return min((each.height(compiler) for each in self.fixed()), default=NOTHING)
        high = self.longest(compiler)
        if self.low > high or (self.unique is False and high < 2):
            return NOTHING
        first = range(min(self.low, len(self.prefix) + 1))
        needed = [compiler.height(self.at(index)) for index in first]
        needed += [self._witness(each, high, compiler) for each in self.contains if each.low]
        if self.unique and self.choices(compiler) < self.low:
            return NOTHING
        return 1 + max(needed, default=0)

    def fixed(self) -> list[Array]:
        """Give the arrays that have the first odd item at one certain position each."""
        odd = min(self.odd, key=lambda each: each.start)
        last = max(odd.start, len(self.prefix)) + _SPOTS
        high = last if self.high is None else min(last, self.high)
        return [self._fix(odd, spot) for spot in range(odd.start, high)]

    def _fix(self, odd: Odd, spot: int) -> Array:
        before = tuple(self.at(index) for index in range(spot))
        goal = self.at(spot) - odd.spared | odd.goal
        after = self.prefix[spot + 1 :]
        low, others = max(self.low, spot + 1), self.odd - {odd}
        return replace(self, prefix=(*before, goal, *after), low=low, odd=others)

    def longest(self, compiler: Compiler) -> float:
        """Give the greatest size that can be filled; infinite when nothing limits it."""
        for index, goal in enumerate((*self.prefix, self.rest)):
            if self.high is not None and index >= self.high:
                break
            if compiler.height(goal) == NOTHING:
                return index
        return NOTHING if self.high is None else self.high

    def parts(self) -> Iterable[Goal]:
        """Give the goals of items by position, of the rest, of contained and of odd ones."""
        yield from self.prefix
        yield self.rest
        yield from (frozenset({each.atom}) | self.rest for each in self.contains if each.low)
        yield from (odd.goal for odd in self.odd)

    def settled(self, compiler: Compiler) -> Shape | None:
        """Give None when no size is left, and the empty array when that is all."""
        if self.high is not None and self.low > self.high:
            return None
        if self.high == 0:
            return literal("array", [[]] if self.admits([], compiler) else [])
        return self

    def covers(self, other: Shape, compiler: Compiler) -> bool:
        """Compare bounds, and goals position by position."""
        if not isinstance(other, Array):
            return Shape.covers(self, other, compiler)
        size = max(len(self.prefix), len(other.prefix)) + 1
        return (
            self.low <= other.low
            and (tighter(self.high, other.high) == other.high)
            and (self.unique is None or self.unique == other.unique)
            and self.contains <= other.contains
            and self.odd <= other.odd
            and self.excluded <= other.excluded
            and all(compiler.covers(self.at(i), other.at(i)) for i in range(size))
        )

    def _both(self, other: Shape, compiler: Compiler) -> Shape | None:
        assert isinstance(other, Array)  # noqa: S101 - shapes of one kind only ever meet
        if None not in (self.unique, other.unique) and self.unique != other.unique:
            return None
        size = max(len(self.prefix), len(other.prefix))
        met = Array(
            tuple(self.at(i) | other.at(i) for i in range(size)), self.rest | other.rest,
            max(self.low, other.low), tighter(self.high, other.high),
            other.unique if self.unique is None else self.unique,
            self.contains | other.contains, self.odd | other.odd, self.excluded | other.excluded,
        )  # fmt: skip
        return met.settled(compiler)

    def _items_fit(self, value: list[Json], compiler: Compiler) -> bool:
        if not self.odd:
            return all(compiler.admits(self.at(i), item) for i, item in enumerate(value))
        spots = [each for each in self.fixed() if each._items_fit(value, compiler)]
        return any(each.low <= len(value) for each in spots)

    def _counts(self, each: Contains, value: list[Json], compiler: Compiler) -> bool:
        count = sum(compiler.admits(frozenset({each.atom}), item) for item in value)
        return each.low <= count and (each.high is None or count <= each.high)

    def _witness(self, each: Contains, high: float, compiler: Compiler) -> float:
        spots = [i for i in range(len(self.prefix) + each.low) if i < high]
        heights = sorted(compiler.height(self.at(i) | {each.atom}) for i in spots)
        return heights[each.low - 1] if len(heights) >= each.low else NOTHING

    def choices(self, compiler: Compiler) -> float:
        """Count how many different items there can be, as far as that is easy to say."""
        fixed = [compiler.choices(goal) for goal in self.prefix]
        values: set[Hashable] = set()
        for choice in (*fixed, compiler.choices(self.rest)):
            if choice is None:
                return NOTHING
            values |= choice
        return len(values)
