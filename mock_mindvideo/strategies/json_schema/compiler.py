"""The compiler: from a goal to a union of shapes, and from there to a strategy.

Everything is worked out in terms of two questions that are answered together: which shapes a goal
leaves (`meanings`, one level at a time) and how flat a value can be (`questions`, all levels).
"""

from __future__ import annotations

from copy import copy

from hypothesis import strategies as st

from .any_json import ANY_JSON
from .drawing import strategy_of
from .extents import farthest
from .goals import FULL, Goal
from .leanings import Leaning
from .meanings import in_order
from .questions import Questions
from .shapes import NOTHING, Shape, Shapes
from .values import Json

_LEAVES: dict[str, st.SearchStrategy[Json]] = {}


class SchemaCompiler(Questions):
    """Strategies of goals, each made once.

    `leaves` replace what would be drawn at a place, named by its pointer; they are filtered by
    what else is asked there.
    """

    def __init__(self, leaves: dict[str, st.SearchStrategy[Json]] | None = None) -> None:
        """Start with nothing made."""
        super().__init__()
        self.leaves = _LEAVES if leaves is None else leaves
        self.leaning = Leaning.EVENLY
        self.evenly: SchemaCompiler = self
        self._strategies: dict[tuple[Goal, int], st.SearchStrategy[Json]] = {}

    def leaning_to(self, leaning: Leaning) -> SchemaCompiler:
        """Give a compiler that knows the same, and draws from elsewhere in ranges."""
        other = copy(self)
        other.leaning, other._strategies = leaning, {}
        return other

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
        for atom in sorted(goal, key=in_order):
            if atom.holds and not atom.broken and atom.place.pointer in self.leaves:
                leaf = self.leaves[atom.place.pointer]
                return leaf if len(goal) == 1 else leaf.filter(lambda v: self.admits(goal, v))
        shapes = farthest(self.living(goal), self)
        if not fuel and shapes:
            shapes = (min(shapes, key=lambda shape: shape.height(self)),)
        return st.one_of([self.drawn_from(shape, fuel) for shape in shapes])

    def drawn_from(self, shape: Shape, fuel: int) -> st.SearchStrategy[Json]:
        """Draw values of a shape; with no fuel left, flat ones."""
        return strategy_of(shape, self, fuel)

    def living(self, goal: Goal) -> Shapes:
        """Give the shapes that have a value."""
        self.height(goal)
        return tuple(s for s in self.all_shapes(goal) if s.height(self) < NOTHING)


def _refers(goal: Goal) -> bool:
    schemas = (atom.place.schema for atom in goal)
    return any(isinstance(schema, dict) and "$ref" in schema for schema in schemas)
