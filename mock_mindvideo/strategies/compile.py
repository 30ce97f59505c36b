"""The compiler: from a goal to a union of shapes, and from there to a strategy.

Everything is worked out in terms of two questions that are answered together: which shapes a goal
leaves (`shapes`, looking at one level only) and how flat a value can be (`height`, looking at all
levels). A goal of infinite height has no value; so a schema that contradicts itself, or that only
an endless value could satisfy, is found before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager

from hypothesis import strategies as st

from .anything import ANY_JSON
from .errors import Unsupported
from .goals import ANYTHING, Atom, Goal
from .keywords import Group, broken_part, everything, groups, held_part, missed_part
from .refs import Place
from .shapes import NOTHING, Compiler, Literal, Shape, Shapes
from .values import KINDS, Json, Kind, key, kind_of

FULL = 2  # references back up that are followed freely; after those, values stay flat
_LEAVES: dict[str, st.SearchStrategy[Json]] = {}


class SchemaCompiler(Compiler):
    """Shapes and strategies of goals, each worked out once.

    `leaves` replace what would be drawn at a place, named by its pointer; they are filtered by
    what else is asked there.
    """

    def __init__(self, leaves: dict[str, st.SearchStrategy[Json]] | None = None) -> None:
        """Start with nothing worked out."""
        self.leaves = _LEAVES if leaves is None else leaves
        self._meanings: dict[tuple[Atom, Kind], Shapes] = {}
        self._shapes: dict[tuple[Goal, Kind], Shapes] = {}
        self._covered: dict[tuple[Goal, Goal], bool] = {}
        self._heights: dict[Goal, float] = {}
        self._recursive: dict[Goal, bool] = {}
        self._strategies: dict[tuple[Goal, int], st.SearchStrategy[Json]] = {}
        self._open: list[tuple[Atom, Kind]] = []
        self._groups: dict[Place, tuple[Group, ...]] = {}
        self._merging: set[tuple[Goal, Kind]] = set()
        self._floor = 0
        self._climbing: set[Goal] = set()

    def shapes(self, goal: Goal, kind: Kind) -> Shapes:
        """Give the shapes of one kind that the goal leaves; deeper levels are not looked at."""
        known = self._shapes.get((goal, kind))
        if known is None:
            if (goal, kind) in self._merging:
                raise _InProgressError
            self._merging.add((goal, kind))
            try:
                known = self._shapes[goal, kind] = self._merged(goal, kind)
            finally:
                self._merging.discard((goal, kind))
        return known

    def _merged(self, goal: Goal, kind: Kind) -> Shapes:
        known = everything(kind)
        for atom in sorted(goal, key=_order):
            known = self.meet(known, self.meaning(atom, kind))
        return known

    def meaning(self, atom: Atom, kind: Kind) -> Shapes:
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

    def _refuse_circles(self, atom: Atom, kind: Kind) -> None:
        if (atom, kind) in self._open[self._floor :]:
            raise Unsupported(atom.place.pointer, "$ref", "leads back to itself")
        if (atom, kind) in self._open:
            raise _InProgressError

    @contextmanager
    def _looking_down(self) -> Iterator[None]:
        """Mark that what follows is about a deeper value, where meeting oneself is no circle."""
        floor, self._floor = self._floor, len(self._open)
        try:
            yield
        finally:
            self._floor = floor

    def _worked_out(self, atom: Atom, kind: Kind) -> Shapes:
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

    def height(self, goal: Goal) -> float:
        """Count the levels of the flattest value; infinite when there is no value.

        A goal that turns up below itself counts as endless there: a finite value that needs it
        can be cut short.
        """
        if not goal:
            return 1
        known = self._heights.get(goal)
        if known is not None:
            return known
        if goal in self._climbing:
            return NOTHING
        self._climbing.add(goal)
        best = min((shape.height(self) for shape in self.all_shapes(goal)), default=NOTHING)
        self._climbing.discard(goal)
        if best < NOTHING or not self._climbing:
            self._heights[goal] = best
        return best

    def dead(self, goal: Goal) -> bool:
        """Tell whether one look shows that no value can reach the goal; False may mean unknown."""
        try:
            with self._looking_down():
                return bool(goal) and not any(self.shapes(goal, kind) for kind in KINDS)
        except _InProgressError:
            return False

    def covers(self, one: Goal, two: Goal) -> bool:
        """Tell whether `two` surely implies `one`; False may mean unknown."""
        if one <= two or not two:
            return one <= two
        known = self._covered.get((one, two))
        if known is None:
            try:
                with self._looking_down():
                    known = self._covered[one, two] = self._implied(one, two)
            except _InProgressError:
                return False
        return known

    def _implied(self, one: Goal, two: Goal) -> bool:
        return all(
            any(wide.covers(shape, self) for wide in self.shapes(one, shape.kind))
            for shape in self.all_shapes(two)
        )

    def admits(self, goal: Goal, value: Json) -> bool:
        """Tell whether a value reaches the goal."""
        if not goal:
            return True
        try:
            with self._looking_down():
                return any(s.admits(value, self) for s in self.shapes(goal, kind_of(value)))
        except _InProgressError:
            return all(_judged(atom, value) for atom in goal)

    def choices(self, goal: Goal) -> frozenset[Hashable] | None:
        """Give the keys of all values, when the goal leaves a finite list of them."""
        if not goal:
            return None
        shapes = self.all_shapes(goal)
        if not all(isinstance(shape, Literal) for shape in shapes):
            return None
        return frozenset(key(v) for s in shapes if isinstance(s, Literal) for v in s.values)

    def recursive(self, goal: Goal) -> bool:
        """Tell whether the goal turns up again below itself."""
        known = self._recursive.get(goal)
        if known is None:
            known = self._recursive[goal] = goal in self._reachable(goal)
        return known

    def _reachable(self, goal: Goal) -> set[Goal]:
        seen: set[Goal] = set()
        waiting = self._below(goal)
        while waiting:
            found = waiting.pop()
            if found not in seen:
                seen.add(found)
                waiting |= self._below(found)
        return seen

    def _below(self, goal: Goal) -> set[Goal]:
        if not goal:
            return set()
        return {g for s in self.all_shapes(goal) for g in s.parts()} - {ANYTHING}

    def strategy(self, goal: Goal, fuel: int = FULL) -> st.SearchStrategy[Json]:
        """Draw values that reach the goal; nothing when there are none.

        `fuel` goes down with each reference that leads back up; with none left, values stay flat.
        """
        left = fuel - 1 if fuel and _refers(goal) and self.recursive(goal) else fuel
        known = self._strategies.get((goal, left))
        if known is None:
            known = self._strategies[goal, left] = self._drawn(goal, left)
        return known

    def _drawn(self, goal: Goal, fuel: int) -> st.SearchStrategy[Json]:
        if not goal:
            return ANY_JSON
        for atom in sorted(goal, key=_order):
            if atom.holds and not atom.broken and atom.place.pointer in self.leaves:
                leaf = self.leaves[atom.place.pointer]
                return leaf if len(goal) == 1 else leaf.filter(lambda v: self.admits(goal, v))
        shapes = self.living(goal)
        if not fuel and shapes:
            shapes = (min(shapes, key=lambda shape: shape.height(self)),)
        return st.one_of([shape.strategy(self, fuel) for shape in shapes])

    def living(self, goal: Goal) -> Shapes:
        """Give the shapes that have a value."""
        self.height(goal)
        return tuple(s for s in self.all_shapes(goal) if s.height(self) < NOTHING)


class _InProgressError(Exception):
    """A goal was asked about while it is being worked out further up."""


def _refers(goal: Goal) -> bool:
    schemas = (atom.place.schema for atom in goal)
    return any(isinstance(schema, dict) and "$ref" in schema for schema in schemas)


def _judged(atom: Atom, value: Json) -> bool:
    if atom.broken:
        raise Unsupported(atom.place.pointer, "enum", "lists values that lead back to it")
    return bool(atom.place.document.validator(atom.place).is_valid(value)) == atom.holds


def _order(atom: Atom) -> tuple[str, bool, int]:
    return (atom.place.pointer, atom.holds, len(atom.broken))
