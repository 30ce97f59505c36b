"""Shapes: sets of values of one kind, in a form that can be drawn from.

A goal becomes a union of shapes. Shapes of one kind can be met (both must hold); what is left is
again one shape, or nothing. `Literal` is the finite one, and stands for null and booleans too.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from hypothesis import strategies as st

from .goals import Atom, Goal
from .leanings import Leaning
from .values import Json, JsonKind, key

NOTHING: float = math.inf


class Compiler(Protocol):
    """What shapes and keywords ask of the compiler, which knows them all."""

    leaning: Leaning
    evenly: Compiler  # the same one, drawing evenly

    def shapes(self, goal: Goal, kind: JsonKind) -> tuple[Shape, ...]:
        """Give the shapes of one kind that the goal leaves; deeper levels are not looked at."""

    def meaning(self, atom: Atom, kind: JsonKind) -> tuple[Shape, ...]:
        """Give the shapes of one kind that one atom leaves."""

    def meet(self, one: tuple[Shape, ...], two: tuple[Shape, ...] | None) -> tuple[Shape, ...]:
        """Keep what lies in both unions; None stands for everything."""

    def union(self, shapes: Iterable[Shape]) -> tuple[Shape, ...]:
        """Drop the shapes that lie within another one."""

    def all_shapes(self, goal: Goal) -> tuple[Shape, ...]:
        """Give the shapes of every kind that the goal leaves, simple kinds first."""

    def height(self, goal: Goal) -> float:
        """Count the levels of the flattest value; infinite when there is no value."""

    def dead(self, goal: Goal) -> bool:
        """Tell whether one look shows that no value can reach the goal; False may mean unknown."""

    def covers(self, one: Goal, two: Goal) -> bool:
        """Tell whether `two` surely implies `one`; False may mean unknown."""

    def admits(self, goal: Goal, value: Json) -> bool:
        """Tell whether a value reaches the goal."""

    def choices(self, goal: Goal) -> frozenset[Hashable] | None:
        """Give the keys of all values, when the goal leaves a finite list of them."""

    def recursive(self, goal: Goal) -> bool:
        """Tell whether the goal turns up again below itself."""

    def strategy(self, goal: Goal, fuel: int = ...) -> st.SearchStrategy[Json]:
        """Draw values that reach the goal; with no fuel left, flat ones."""

    def drawn_from(self, shape: Shape, fuel: int) -> st.SearchStrategy[Json]:
        """Draw values of a shape; with no fuel left, flat ones."""


class Shape:
    """A set of values of one kind."""

    __slots__ = ()

    kind: JsonKind

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Tell whether the value, of this kind, belongs to the shape."""
        raise NotImplementedError

    def meet(self, other: Shape, compiler: Compiler) -> Shape | None:
        """Keep what belongs to both; None when that is nothing."""
        if isinstance(other, Literal):
            return other.meet(self, compiler)
        return self._both(other, compiler)

    def covers(self, other: Shape, compiler: Compiler) -> bool:
        """Tell whether `other` surely lies within this shape; False may mean "not known"."""
        if isinstance(other, Literal):
            return all(self.admits(value, compiler) for value in other.values)
        return type(other) is type(self) and self.meet(other, compiler) == other

    def height(self, compiler: Compiler) -> float:
        """Count the levels of the flattest value; `NOTHING` when there is no value at all."""
        raise NotImplementedError

    def parts(self) -> Iterable[Goal]:
        """Give the goals of the values inside; a flat value has none."""
        return ()

    def _both(self, other: Shape, compiler: Compiler) -> Shape | None:
        raise NotImplementedError


Shapes: TypeAlias = tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Literal(Shape):
    """A finite list of values of one kind, in the schema's order."""

    kind: JsonKind
    values: tuple[Json, ...]

    def __eq__(self, other: object) -> bool:
        """Compare as JSON, so that `[1]` and `[True]` differ."""
        return isinstance(other, Literal) and self._keys() == other._keys()

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self._keys())

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Tell whether the value is in the list."""
        return key(value) in self._keys()

    def meet(self, other: Shape, compiler: Compiler) -> Shape | None:
        """Keep the values that the other shape admits."""
        return literal(self.kind, (v for v in self.values if other.admits(v, compiler)))

    def covers(self, other: Shape, compiler: Compiler) -> bool:
        """Tell whether every value of the other list stands in this one."""
        return isinstance(other, Literal) and other._keys() <= self._keys()

    def height(self, compiler: Compiler) -> float:
        """Finite lists are flat: their values are ready."""
        return 1

    def _keys(self) -> frozenset[Hashable]:
        return frozenset(map(key, self.values))


def literal(kind: JsonKind, values: Iterable[Json]) -> Literal | None:
    """Make a finite shape; None when no value is left."""
    kept = tuple(values)
    return Literal(kind, kept) if kept else None


def copied(value: Json) -> Json:
    """Copy a value, so that whoever gets it may change it."""
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return value
