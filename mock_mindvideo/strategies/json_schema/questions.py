"""Questions about goals: has one a value, does one imply another, does a value reach it.

A goal of infinite height has no value; so a schema that contradicts itself, or that only an endless
value could satisfy, is found before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Hashable

from .errors import Unsupported
from .goals import ANYTHING, Atom, Goal
from .meanings import InProgressError, Meanings
from .shapes import NOTHING, Literal
from .values import KINDS, Json, key, kind_of


class Questions(Meanings):
    """Answers that are worked out once."""

    def __init__(self) -> None:
        """Start with nothing worked out."""
        super().__init__()
        self._covered: dict[tuple[Goal, Goal], bool] = {}
        self._heights: dict[Goal, float] = {}
        self._recursive: dict[Goal, bool] = {}
        self._climbing: set[Goal] = set()

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
            with self.looking_down():
                return bool(goal) and not any(self.shapes(goal, kind) for kind in KINDS)
        except InProgressError:
            return False

    def covers(self, one: Goal, two: Goal) -> bool:
        """Tell whether `two` surely implies `one`; False may mean unknown."""
        if one <= two or not two:
            return one <= two
        known = self._covered.get((one, two))
        if known is None:
            try:
                with self.looking_down():
                    known = self._covered[one, two] = self._implied(one, two)
            except InProgressError:
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
            with self.looking_down():
                return any(s.admits(value, self) for s in self.shapes(goal, kind_of(value)))
        except InProgressError:
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


def _judged(atom: Atom, value: Json) -> bool:
    if atom.broken:
        raise Unsupported(atom.place.pointer, "enum", "lists values that lead back to it")
    return bool(atom.place.document.validator(atom.place).is_valid(value)) == atom.holds
