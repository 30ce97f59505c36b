"""Drawing arrays: a size, then the items, those that must be contained first."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .arrays import Array, Contains
from .goals import FULL, Goal
from .shapes import NOTHING, Compiler, copied
from .values import Json, key

_TRIES = 8  # draws for an item unlike the others, before the array stays as long as it is
_TILE = 12  # items drawn one by one; longer arrays repeat what they have
_LONGEST_TILED, _LONGEST_DRAWN = 1_000, 64  # greatest sizes that are drawn at a far bound


def arrays(shape: Array, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
    """Draw arrays of a shape."""
    if shape.odd:
        alive = [each for each in shape.fixed() if each.height(compiler) < NOTHING]
        return st.one_of([arrays(each, compiler, fuel) for each in alive])
    return _drawn(ArrayLayout(shape, compiler, fuel))


class ArrayLayout:
    """How one array shape is drawn: its bounds and the strategy of each position."""

    def __init__(self, shape: Array, compiler: Compiler, fuel: int) -> None:
        """Work out once what does not depend on the drawn values."""
        self.shape = shape
        self.compiler = compiler
        self.items = compiler.evenly if shape.unique else compiler  # the ends are soon used up
        self.fuel = fuel
        self.contains = sorted(shape.contains, key=lambda each: each.atom.place.pointer)
        self.low, self.high, self.most = self._bounds()
        self.sizes = compiler.leaning.sizes(self.low, self.high, self.most)

    def __repr__(self) -> str:
        """Name the sizes; strategies show it."""
        return f"<array of {self.low} to {self.high}>"

    def _bounds(self) -> tuple[int, int, int]:
        """Give the least size, the greatest of the usual ones, and the greatest there can be."""
        shape, longest = self.shape, self.shape.longest(self.compiler)
        low = max(shape.low, 2 if shape.unique is False else 0)
        low = max(low, *(self._reach(each) for each in self.contains), 0)
        if shape.unique:
            longest = min(longest, shape.choices(self.compiler))
        roomy = low + (4 if self.fuel else 0) + (len(shape.prefix) if self.fuel else 0)
        if self.compiler.recursive(shape.rest):
            roomy = low + min(self.fuel, 2)
        top = longest if longest <= max(roomy, 8) and self.fuel else roomy
        high = int(max(low, min(longest, top)))
        return low, high, int(longest) if self._reaches(longest) else high

    def _reaches(self, longest: float) -> bool:
        """Tell whether arrays of that size are worth what it takes to draw them."""
        each = self.shape.unique or self.contains
        flat = self.fuel == FULL and not self.compiler.recursive(self.shape.rest)
        return flat and longest <= (_LONGEST_DRAWN if each else _LONGEST_TILED)

    def _reach(self, each: Contains) -> int:
        """Give the size at which enough positions can hold what must be contained."""
        count, index = 0, 0
        while count < each.low:
            alive = self.compiler.height(self.shape.at(index) | {each.atom}) < NOTHING
            count, index = count + alive, index + 1
        return index

    def goals(self, draw: st.DrawFn, size: int) -> list[Goal]:
        """Say what each position has to do, given the size."""
        goals = [self.shape.at(index) for index in range(size)]
        for each in self.contains:
            self._make_contained(draw, each, goals)
        return goals

    def single(self, goals: list[Goal]) -> list[Goal]:
        """Give the positions to draw one by one; those after them repeat the last."""
        if self.shape.unique or self.contains:
            return goals
        return goals[: len(self.shape.prefix) + _TILE]

    def _make_contained(self, draw: st.DrawFn, each: Contains, goals: list[Goal]) -> None:
        alive = [i for i, g in enumerate(goals) if self.compiler.height(g | {each.atom}) < NOTHING]
        top = len(alive) if each.high is None else min(each.high, len(alive))
        # Filtering: rarely, items that several `contains` compete for leave too few.
        assume(top >= each.low)
        chosen = _some(draw, alive, draw(st.integers(each.low, min(top, each.low + 2))))
        for index, goal in enumerate(goals):
            if index in chosen:
                goals[index] = goal | {each.atom}
            elif each.high is not None:
                goals[index] = goal | each.others()
                # Filtering: an item may have no other choice than to be counted.
                assume(self.compiler.height(goals[index]) < NOTHING)


def _some(draw: st.DrawFn, values: list[int], count: int) -> set[int]:
    if count == len(values):
        return set(values)
    if count == 1:
        return {draw(st.sampled_from(values))}
    return set(draw(st.permutations(values))[:count])


@st.composite
def _drawn(draw: st.DrawFn, layout: ArrayLayout) -> Any:
    shape = layout.shape
    size = draw(layout.sizes) if layout.low < layout.most else layout.low
    goals = layout.goals(draw, size)
    strategies = [layout.items.strategy(goal, layout.fuel) for goal in layout.single(goals)]
    if shape.unique:
        items = _different(draw, strategies, shape.low)
    else:
        items = [draw(strategy) for strategy in strategies]
        items += [copied(items[-1]) for _ in range(size - len(items))]
    if shape.unique is False:
        _make_alike(draw, items, goals, layout)
    if shape.excluded:
        # Filtering: single arrays that the schema rules out.
        assume(key(items) not in shape.excluded)
    return items


def _different(draw: st.DrawFn, strategies: list[Any], low: int) -> list[Json]:
    """Draw items one unlike the other; stop early when a new one is hard to find."""
    items: list[Json] = []
    seen: set[Hashable] = set()
    for strategy in strategies:
        for _ in range(_TRIES):
            item = draw(strategy)
            if key(item) not in seen:
                break
        else:
            break
        seen.add(key(item))
        items.append(item)
    # Filtering: only where the few values that are left are hard to hit.
    assume(len(items) >= low)
    return items


def _make_alike(draw: st.DrawFn, items: list[Json], goals: list[Goal], layout: ArrayLayout) -> None:
    compiler, size = layout.compiler, len(items)
    pairs = [(i, j) for j in range(size) for i in range(j)]
    alive = [p for p in pairs if compiler.height(goals[p[0]] | goals[p[1]]) < NOTHING]
    assume(alive)
    one, two = draw(st.sampled_from(alive))
    items[one] = items[two] = draw(compiler.strategy(goals[one] | goals[two], layout.fuel))
