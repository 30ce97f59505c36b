"""Meanings: which shapes a goal leaves, looking at one level of the value only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .documents import Place
from .errors import Unsupported
from .goals import Atom, Goal
from .keyword_groups import Group, broken_part, everything, held_part, missed_part
from .keywords import groups
from .shapes import Compiler, Shape, Shapes
from .values import KINDS, JsonKind


class InProgressError(Exception):
    """A goal was asked about while it is being worked out further up."""


class Meanings(Compiler):
    """The shapes of goals and atoms, each worked out once."""

    def __init__(self) -> None:
        """Start with nothing worked out."""
        self._meanings: dict[tuple[Atom, JsonKind], Shapes] = {}
        self._shapes: dict[tuple[Goal, JsonKind], Shapes] = {}
        self._open: list[tuple[Atom, JsonKind]] = []
        self._groups: dict[Place, tuple[Group, ...]] = {}
        self._merging: set[tuple[Goal, JsonKind]] = set()
        self._floor = 0

    def shapes(self, goal: Goal, kind: JsonKind) -> Shapes:
        """Give the shapes of one kind that the goal leaves; deeper levels are not looked at."""
        known = self._shapes.get((goal, kind))
        if known is None:
            if (goal, kind) in self._merging:
                raise InProgressError
            self._merging.add((goal, kind))
            try:
                known = self._shapes[goal, kind] = self._merged(goal, kind)
            finally:
                self._merging.discard((goal, kind))
        return known

    def _merged(self, goal: Goal, kind: JsonKind) -> Shapes:
        known = everything(kind)
        for atom in sorted(goal, key=in_order):
            known = self.meet(known, self.meaning(atom, kind))
        return known

    def meaning(self, atom: Atom, kind: JsonKind) -> Shapes:
        """Give the shapes of one kind that one atom leaves.

        Raises:
            Unsupported: a `$ref` leads back to itself without a step down into the value.
        """
        known = self._meanings.get((atom, kind))
        if known is None:
            self._refuse_circles(atom, kind)
            self._open.append((atom, kind))
            try:
                known = self._meanings[atom, kind] = self._worked_out(atom, kind)
            finally:
                self._open.pop()
        return known

    def _refuse_circles(self, atom: Atom, kind: JsonKind) -> None:
        if (atom, kind) in self._open[self._floor :]:
            raise Unsupported(atom.place.pointer, "$ref", "leads back to itself")
        if (atom, kind) in self._open:
            raise InProgressError

    @contextmanager
    def looking_down(self) -> Iterator[None]:
        """Mark that what follows is about a deeper value, where meeting oneself is no circle."""
        floor, self._floor = self._floor, len(self._open)
        try:
            yield
        finally:
            self._floor = floor

    def _worked_out(self, atom: Atom, kind: JsonKind) -> Shapes:
        schema = atom.place.schema
        if isinstance(schema, bool):
            wanted = atom.holds and () not in atom.broken
            return everything(kind) if schema == wanted else ()
        if not atom.holds:
            missed = (
                missed_part(self, atom.place, group, kind) for group in self._groups_of(atom.place)
            )
            return self.union(shape for shapes in missed for shape in shapes)
        known = everything(kind)
        for group in self._groups_of(atom.place):
            broken = group.rules(atom.broken)
            part = broken_part if broken else held_part
            known = self.meet(known, part(self, atom.place, group, kind, broken))
            if not known:
                break
        return known

    def _groups_of(self, place: Place) -> tuple[Group, ...]:
        known = self._groups.get(place)
        if known is None:
            known = self._groups[place] = tuple(groups(place))
        return known

    def meet(self, one: Shapes, two: Shapes | None) -> Shapes:
        """Keep what lies in both unions; None stands for everything."""
        if two is None:
            return one
        if len(one) == 1 and len(two) == 1:
            met = one[0].meet(two[0], self)
            return () if met is None else (met,)
        pairs = (a.meet(b, self) for a in one for b in two)
        return self.union(shape for shape in pairs if shape is not None)

    def union(self, shapes: Iterable[Shape]) -> Shapes:
        """Drop the shapes that lie within another one."""
        kept: list[Shape] = []
        for shape in shapes:
            if any(other.covers(shape, self) for other in kept):
                continue
            kept = [other for other in kept if not shape.covers(other, self)]
            kept.append(shape)
        return tuple(kept)

    def all_shapes(self, goal: Goal) -> Shapes:
        """Give the shapes of every kind that the goal leaves, simple kinds first."""
        return tuple(shape for kind in KINDS for shape in self.shapes(goal, kind))


def in_order(atom: Atom) -> tuple[str, bool, int]:
    """Sort atoms alike in every process; the order of a set differs between them."""
    return (atom.place.pointer, atom.holds, len(atom.broken))
