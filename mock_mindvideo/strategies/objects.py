"""Objects: members by name, by pattern and the rest, with bounds on how many."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .goals import ANYTHING, Goal
from .shapes import NOTHING, Compiler, Shape, literal
from .strings import String, searches, tighter
from .values import Json, key

_MASKED = 16  # optional members chosen by one integer; more would bias Hypothesis to few bits


@dataclass(frozen=True, eq=False)
class Layer:
    """What one schema says about members: by name, by pattern, and of all others."""

    named: dict[str, Goal]
    patterns: tuple[tuple[str, Goal], ...]
    rest: Goal

    def of(self, name: str) -> Goal:
        """Give the goal of a member with this name."""
        found = [goal for pattern, goal in self.patterns if searches(pattern, name)]
        if name in self.named:
            found.append(self.named[name])
        return ANYTHING.union(*found) if found else self.rest


@dataclass(frozen=True, slots=True)
class Extra:
    """One member whose name no schema lists, with its own goal; `spared` is let off."""

    names: String
    name_goal: Goal
    goal: Goal
    spared: Goal = ANYTHING
    name_spared: Goal = ANYTHING


@dataclass(frozen=True)
class Object(Shape):
    """Objects with required members, layers of rules, and extra members that must be there.

    `named` holds the members asked of without a word on the others; such layers melt into one.
    """

    required: frozenset[str] = frozenset()
    named: tuple[tuple[str, Goal], ...] = ()
    layers: tuple[Layer, ...] = ()
    names: Goal = ANYTHING
    low: int = 0
    high: int | None = None
    extras: frozenset[Extra] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "object"

    @cached_property
    def members(self) -> dict[str, Goal]:
        """Give every name that a schema lists, with all that is asked of it."""
        listed = [name for layer in self.layers for name in layer.named]
        listed += [name for name, _ in self.named]
        listed += sorted(self.required)
        return {name: self._of(name) for name in dict.fromkeys(listed)}

    def of(self, name: str) -> Goal:
        """Give the goal of a member with this name."""
        return self.members[name] if name in self.members else self._of(name)

    def _of(self, name: str) -> Goal:
        own = dict(self.named).get(name, ANYTHING)
        return own.union(*(layer.of(name) for layer in self.layers))

    def allows(self, name: str, compiler: Compiler) -> bool:
        """Tell whether a member of this name can be there at all."""
        return compiler.admits(self.names, name) and compiler.height(self.of(name)) < NOTHING

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check members, names, count and extras."""
        return (
            self.required <= value.keys()
            and self.low <= len(value)
            and (self.high is None or len(value) <= self.high)
            and key(value) not in self.excluded
            and self._members_fit(value, compiler)
        )

    def height(self, compiler: Compiler) -> float:
        """Stand one above the highest member that cannot be left out."""
        if not all(compiler.admits(self.names, name) for name in self.required):
            return NOTHING
        tall = [compiler.height(self.members[name]) for name in self.required]
        tall += [extra_height(self, extra, compiler) for extra in self.extras]
        if max(tall, default=0) == NOTHING:
            return NOTHING
        if not self._roomy(compiler):
            return NOTHING
        return 1 + max(tall, default=0)

    def parts(self) -> Iterable[Goal]:
        """Give the goals of listed, patterned, other and extra members."""
        yield from self.members.values()
        for layer in self.layers:
            yield layer.rest
            yield from (goal for _, goal in layer.patterns)
        yield from (extra.goal for extra in self.extras)

    def strategy(self, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
        """Draw the members that must be there, a subset of the others, and some unlisted ones."""
        return drawn(Plan(self, compiler, fuel), {})

    def settled(self, compiler: Compiler) -> Shape | None:
        """Give None when that is quick to see, and the empty object when that is all."""
        if self.high is not None and max(self.low, len(self.required)) > self.high:
            return None
        if self.high == 0:
            return literal("object", [{}] if self.admits({}, compiler) else [])
        asked = [name for name, _ in self.named if name in self.required]
        if any(compiler.dead(self.members[name]) for name in asked):
            return None
        return self

    def covers(self, other: Shape, compiler: Compiler) -> bool:
        """Compare what is asked of each member."""
        if not isinstance(other, Object):
            return Shape.covers(self, other, compiler)
        return (
            self.required <= other.required
            and self.low <= other.low
            and tighter(self.high, other.high) == other.high
            and self.names <= other.names
            and self.extras <= other.extras
            and self.excluded <= other.excluded
            and all(layer in other.layers for layer in self.layers)
            and all(compiler.covers(goal, other.of(name)) for name, goal in self.named)
        )

    def _both(self, other: Shape, compiler: Compiler) -> Shape | None:
        assert isinstance(other, Object)  # noqa: S101 - shapes of one kind only ever meet
        named = dict(self.named)
        for name, goal in other.named:
            named[name] = named.get(name, ANYTHING) | goal
        met = Object(
            self.required | other.required, tuple(sorted(named.items(), key=_name)),
            tuple(dict.fromkeys((*self.layers, *other.layers))), self.names | other.names,
            max(self.low, other.low), tighter(self.high, other.high),
            self.extras | other.extras, self.excluded | other.excluded,
        )  # fmt: skip
        return met.settled(compiler)

    def _members_fit(self, value: dict[str, Json], compiler: Compiler) -> bool:
        wrong = [
            name
            for name, item in value.items()
            if not (compiler.admits(self.names, name) and compiler.admits(self.of(name), item))
        ]
        return not wrong and all(self._has(extra, value, compiler) for extra in self.extras)

    def _has(self, extra: Extra, value: dict[str, Json], compiler: Compiler) -> bool:
        return any(
            extra.names.admits(name, compiler)
            and compiler.admits(extra.name_goal, name)
            and compiler.admits(extra.goal, item)
            for name, item in value.items()
        )

    def _roomy(self, compiler: Compiler) -> bool:
        if self.low <= len(self.required) + len(self.extras):
            return True
        possible = sum(self.allows(name, compiler) for name in self.members)
        return possible >= self.low or free_names(self, compiler) is not None


def _name(member: tuple[str, Goal]) -> str:
    return member[0]


def extra_height(shape: Object, extra: Extra, compiler: Compiler) -> float:
    """Give the height of an extra member; `NOTHING` when no name or value is left for it."""
    rests = [layer.rest for layer in shape.layers]
    patterns = [g for layer in shape.layers for p, g in layer.patterns if p in extra.names.patterns]
    asked = ANYTHING.union(*(patterns or rests)) - extra.spared | extra.goal
    if not extra_names(shape, extra, compiler):
        return NOTHING
    return compiler.height(asked)


def extra_names(shape: Object, extra: Extra, compiler: Compiler) -> tuple[Shape, ...]:
    """Give the names that an extra member can have."""
    asked = compiler.shapes(shape.names - extra.name_spared | extra.name_goal, "string")
    met = (each.meet(extra.names, compiler) for each in asked)
    return tuple(each for each in met if each is not None)


def free_names(shape: Object, compiler: Compiler) -> st.SearchStrategy[str] | None:
    """Give names that no schema lists and that may be there; None when there are none."""
    ways: list[st.SearchStrategy[str]] = []
    listed = frozenset(key(name) for name in shape.members)
    patterns = {p for layer in shape.layers for p, goal in layer.patterns}
    rest = ANYTHING.union(*(layer.rest for layer in shape.layers))
    if compiler.height(rest) < NOTHING:
        ways += _names(shape, String(not_patterns=frozenset(patterns), excluded=listed), compiler)
    for pattern in sorted(patterns):
        ways += _names(shape, String(patterns=frozenset({pattern}), excluded=listed), compiler)
    return st.one_of(ways) if ways else None


def _names(shape: Object, names: String, compiler: Compiler) -> list[st.SearchStrategy[str]]:
    found = extra_names(shape, Extra(names, ANYTHING, ANYTHING), compiler)
    return [each.strategy(compiler, 0) for each in found]


class Plan:
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
        return free_names(self.shape, self.compiler)

    @cached_property
    def subset(self) -> Subset:
        """Give the subsets of the members that may stand."""
        return Subset(self.may)

    @cached_property
    def extra_names(self) -> list[st.SearchStrategy[str]]:
        """Give the names of each extra member."""
        found = (extra_names(self.shape, extra, self.compiler) for extra in self.extras)
        return [st.one_of([each.strategy(self.compiler, 0) for each in ways]) for ways in found]

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
            subset = Subset(may)
        taken = subset.draw(draw)
        reserved = len(must) + len(self.extras)
        if self.shape.high is not None:
            taken = taken[: max(0, self.shape.high - reserved)]
        taken += self._missing(may, taken, reserved)
        return sorted((*must, *taken), key=lambda name: self.order.get(name, -1))

    def without(self, gone: set[str]) -> Plan:
        """Give the same plan, but for members that must not be there."""
        if not gone:
            return self
        plan = Plan(self.shape, self.compiler, self.fuel)
        plan.may = [name for name in plan.may if name not in gone]
        return plan

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
    return [*sorted(extra.names.patterns), *sorted(atom.place.pointer for atom in extra.goal)]


class Subset:
    """The subsets of some names, each with equal chance, in one draw for up to 16 names."""

    def __init__(self, names: list[str]) -> None:
        """Take the names in the order in which they are given back."""
        parts = [names[start : start + _MASKED] for start in range(0, len(names), _MASKED)]
        self._parts = [(part, st.integers(0, 2 ** len(part) - 1)) for part in parts]

    def draw(self, draw: st.DrawFn) -> list[str]:
        """Draw one subset."""
        chosen: list[str] = []
        for part, masks in self._parts:
            mask = draw(masks)
            chosen += [name for bit, name in enumerate(part) if mask >> bit & 1]
        return chosen


@st.composite
def drawn(draw: st.DrawFn, plan: Plan, pinned: dict[str, Json]) -> Any:
    """Draw an object; the pinned members are in it as they are."""
    shape, strategy, value = plan.shape, plan.compiler.strategy, {}
    for name in plan.choose(draw, set(pinned)):
        if name in pinned:
            value[name] = pinned[name]
        else:
            value[name] = draw(strategy(shape.members[name], plan.fuel))
    for extra, names in zip(plan.extras, plan.extra_names, strict=True):
        _add_extra(draw, value, extra, draw(names), plan)
    _add_free(draw, value, plan)
    if shape.excluded:
        # Filtering: single objects that the schema rules out.
        assume(key(value) not in shape.excluded)
    return value


def _add_extra(
    draw: st.DrawFn, value: dict[str, Json], extra: Extra, name: str, plan: Plan
) -> None:
    # Filtering: a name that is already there, or that a further pattern asks too much of.
    goal = plan.shape.of(name) - extra.spared | extra.goal
    assume(name not in value and plan.compiler.height(goal) < NOTHING)
    value[name] = draw(plan.compiler.strategy(goal, plan.fuel))


def _add_free(draw: st.DrawFn, value: dict[str, Json], plan: Plan) -> None:
    shape = plan.shape
    wanted = max(0, shape.low - len(value))
    room = None if shape.high is None else shape.high - len(value)
    if plan.free is None or room == 0:
        return
    more = wanted + draw(plan.unlisted)
    for _ in range(more if room is None else min(more, room)):
        name = draw(plan.free)
        goal = shape.of(name)
        if name not in value and plan.compiler.height(goal) < NOTHING:
            value[name] = draw(plan.compiler.strategy(goal, plan.fuel))
    # Filtering: names drawn twice, where a least number of members is asked for.
    assume(len(value) >= shape.low)
