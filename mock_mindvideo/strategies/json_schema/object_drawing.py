"""Drawing objects: the members that must be there, a subset of the others, some unlisted ones."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .extents import bounded
from .leanings import MOSTLY, Leaning
from .members import Extra
from .objects import Object, extra_names, free_names
from .shapes import NOTHING, Compiler, Shape
from .values import Json, key

_MASKED = 4  # optional members chosen by one draw; of more, Hypothesis prefers few


def objects(shape: Object, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
    """Draw objects of a shape."""
    return drawn(ObjectLayout(shape, compiler, fuel), {})


class ObjectLayout:
    """How one object shape is drawn: which members stand, may stand, and may be added."""

    def __init__(self, shape: Object, compiler: Compiler, fuel: int) -> None:
        """Work out once what does not depend on the drawn values."""
        self.shape = shape
        self.compiler = compiler
        self.fuel = fuel
        self.must = [name for name in shape.members if name in shape.required]
        self.may = [name for name in shape.members if self._optional(name)]
        self.order = {name: index for index, name in enumerate(shape.members)}
        self.extras = sorted(shape.extras, key=_order)

    def __repr__(self) -> str:
        """Name the members; strategies show it."""
        return f"<object with {', '.join(self.must)}; perhaps {', '.join(self.may)}>"

    @cached_property
    def free(self) -> st.SearchStrategy[str] | None:
        """Give the names that may be added."""
        return self._drawn(free_names(self.shape, self.compiler))

    @cached_property
    def subset(self) -> Subset:
        """Give the subsets of the members that may stand."""
        return self._subset(self.may)

    def _subset(self, names: list[str]) -> Subset:
        wanted = {n for n in names if bounded(self.shape.members[n], self.compiler)}
        return Subset(names, wanted, self.compiler.leaning)

    @cached_property
    def extra_names(self) -> list[st.SearchStrategy[str]]:
        """Give the names of each extra member."""
        found = (extra_names(self.shape, extra, self.compiler) for extra in self.extras)
        return [st.one_of([self.compiler.drawn_from(each, 0) for each in ways]) for ways in found]

    def _drawn(self, names: list[Shape]) -> st.SearchStrategy[str] | None:
        return st.one_of([self.compiler.drawn_from(each, 0) for each in names]) if names else None

    @cached_property
    def unlisted(self) -> st.SearchStrategy[int]:
        """Give how many members to add of one's own accord."""
        return st.integers(0, 2 if self.free is not None and self.fuel else 0)

    def choose(self, draw: st.DrawFn, pinned: set[str]) -> list[str]:
        """Choose the listed members, in the schema's order, within the bounds on their number."""
        must = [*self.must, *(name for name in pinned if name not in self.shape.required)]
        may, subset = self.may, self.subset
        if pinned:
            may = [name for name in self.may if name not in pinned]
            subset = self._subset(may)
        taken = subset.draw(draw)
        reserved = len(must) + len(self.extras)
        if self.shape.high is not None:
            taken = taken[: max(0, self.shape.high - reserved)]
        taken += self._missing(may, taken, reserved)
        return sorted((*must, *taken), key=lambda name: self.order.get(name, -1))

    def without(self, gone: set[str]) -> ObjectLayout:
        """Give the same layout, but for members that must not be there."""
        if not gone:
            return self
        layout = ObjectLayout(self.shape, self.compiler, self.fuel)
        layout.may = [name for name in layout.may if name not in gone]
        return layout

    def _missing(self, may: list[str], taken: list[str], reserved: int) -> list[str]:
        wanted = self.shape.low - reserved - len(taken)
        if wanted <= 0:
            return []
        return [name for name in may if name not in taken][:wanted]

    def _optional(self, name: str) -> bool:
        if name in self.shape.required or not self.shape.allows(name, self.compiler):
            return False
        return bool(self.fuel) or not self.compiler.recursive(self.shape.members[name])


def _order(extra: Extra) -> list[str]:
    """Sort extras alike in every process; the order of a set differs between them."""
    return [
        *sorted(p.source for p in extra.names.patterns),
        *sorted(atom.place.pointer for atom in extra.goal),
    ]


class Subset:
    """The subsets of some names, in one draw for each four names."""

    def __init__(self, names: list[str], wanted: set[str], leaning: Leaning) -> None:
        """Take the names in the order in which they are given back."""
        parts = [names[start : start + _MASKED] for start in range(0, len(names), _MASKED)]
        self._parts = [(p, leaning.masks(len(p), _mask(p, wanted))) for p in parts]

    def draw(self, draw: st.DrawFn) -> list[str]:
        """Draw one subset."""
        chosen: list[str] = []
        for part, masks in self._parts:
            mask = draw(masks)
            chosen += [name for bit, name in enumerate(part) if mask >> bit & 1]
        return chosen


def _mask(names: list[str], wanted: set[str]) -> int:
    return sum(1 << bit for bit, name in enumerate(names) if name in wanted)


@st.composite
def drawn(draw: st.DrawFn, layout: ObjectLayout, pinned: dict[str, Json]) -> Any:
    """Draw an object; the pinned members are in it as they are."""
    shape, strategy, value = layout.shape, layout.compiler.strategy, {}
    chosen = layout.choose(draw, set(pinned))
    # Most of them stand. To ask for each right before its value lets one shrink away: Hypothesis
    # drops a value with the number before it, and not with one that chooses four members.
    spare = len(chosen) + len(layout.extras) - shape.low
    for name in chosen:
        if name in pinned:
            value[name] = pinned[name]
        elif spare > 0 and name not in shape.required and not draw(MOSTLY):
            spare -= 1
        else:
            value[name] = draw(strategy(shape.members[name], layout.fuel))
    for extra, names in zip(layout.extras, layout.extra_names, strict=True):
        _add_extra(draw, value, extra, draw(names), layout)
    _add_free(draw, value, layout)
    if shape.excluded:
        # Filtering: single objects that the schema rules out.
        assume(key(value) not in shape.excluded)
    return value


def _add_extra(
    draw: st.DrawFn, value: dict[str, Json], extra: Extra, name: str, layout: ObjectLayout
) -> None:
    # Filtering: a name that is already there, or that a further pattern asks too much of.
    goal = layout.shape.of(name) - extra.spared | extra.goal
    assume(name not in value and layout.compiler.height(goal) < NOTHING)
    value[name] = draw(layout.compiler.strategy(goal, layout.fuel))


def _add_free(draw: st.DrawFn, value: dict[str, Json], layout: ObjectLayout) -> None:
    shape = layout.shape
    wanted = max(0, shape.low - len(value))
    room = None if shape.high is None else shape.high - len(value)
    if layout.free is None or room == 0:
        return
    more = wanted + draw(layout.unlisted)
    for _ in range(more if room is None else min(more, room)):
        name = draw(layout.free)
        goal = shape.of(name)
        if name not in value and layout.compiler.height(goal) < NOTHING:
            value[name] = draw(layout.compiler.strategy(goal, layout.fuel))
    # Filtering: names drawn twice, where a least number of members is asked for.
    assume(len(value) >= shape.low)
