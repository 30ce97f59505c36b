"""Objects: members by name, by pattern and the rest, with bounds on how many."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from .goals import ANYTHING, Goal
from .members import Extra, Layer
from .shapes import NOTHING, Compiler, Shape, literal
from .strings import String, tighter
from .values import Json, key


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
        return possible >= self.low or bool(free_names(self, compiler))


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


def free_names(shape: Object, compiler: Compiler) -> list[Shape]:
    """Give the names that no schema lists and that may be there."""
    found: list[Shape] = []
    listed = frozenset(key(name) for name in shape.members)
    patterns = {p for layer in shape.layers for p, goal in layer.patterns}
    rest = ANYTHING.union(*(layer.rest for layer in shape.layers))
    if compiler.height(rest) < NOTHING:
        others = String(not_patterns=frozenset(patterns), excluded=listed)
        found += extra_names(shape, Extra(others, ANYTHING, ANYTHING), compiler)
    for pattern in sorted(patterns):
        names = String(patterns=frozenset({pattern}), excluded=listed)
        found += extra_names(shape, Extra(names, ANYTHING, ANYTHING), compiler)
    return found
