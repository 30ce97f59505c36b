"""Extents: which bounds a goal has, and which of several alternatives reach them.

Where members exclude each other, one alternative reaches the upper bound of one member, another one
that of the other; those between the two reach none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from .arrays import Array
from .goals import Goal
from .leanings import Leaning
from .numbers import Number
from .objects import Object
from .shapes import Compiler, Literal, Shape, Shapes
from .strings import String

_DEEP = 4  # levels below a member at which a bound is looked for

_Extent: TypeAlias = tuple[str, str]  # a member, and its kind


def bounded(goal: Goal, compiler: Compiler, deep: int = _DEEP) -> bool:
    """Tell whether the goal leaves values with a bound, on themselves or further down."""
    return deep > 0 and any(_bounded(s, compiler, deep) for s in compiler.all_shapes(goal))


def _bounded(shape: Shape, compiler: Compiler, deep: int) -> bool:
    match shape:
        case Literal():
            return shape.kind == "number" and len(shape.values) > 1
        case Number():
            return not shape.low is shape.high is None
        case String():
            return shape.low > 0 or shape.high is not None
        case Array() if shape.low > 0 or shape.high is not None:
            return True
    return any(bounded(goal, compiler, deep - 1) for goal in shape.parts() if goal)


def farthest(shapes: Shapes, compiler: Compiler) -> Shapes:
    """Choose few objects that together reach as far as all of them; keep other kinds of values."""
    objects = [shape for shape in shapes if isinstance(shape, Object)]
    if len(objects) < 2 or compiler.leaning is Leaning.EVENLY:
        return shapes
    reach = {shape: dict(_extents(shape, compiler)) for shape in objects}
    best = {e: max(r[e] for r in reach.values() if e in r) for r in reach.values() for e in r}
    chosen = _cover({s: {e for e in r if r[e] == best[e]} for s, r in reach.items()})
    return tuple(s for s in shapes if s in chosen or not isinstance(s, Object))


def _cover(reached: dict[Object, set[_Extent]]) -> set[Object]:
    """Take the shape that reaches most of what is left, until nothing is."""
    left = set[_Extent]().union(*reached.values())
    chosen = set[Object]() if left else set(reached)
    while left:
        most = max(reached, key=lambda shape: len(reached[shape] & left))
        chosen.add(most)
        left -= reached[most]
    return chosen


def _extents(shape: Object, compiler: Compiler) -> Iterator[tuple[_Extent, float]]:
    """Say how far each member reaches to the side that is leant to; that it is there counts too."""
    for name in shape.members:
        if not shape.allows(name, compiler):
            continue
        yield (name, ""), 1
        for part in compiler.all_shapes(shape.of(name)):
            far = _far(part, compiler.leaning)
            if far is not None:
                yield (name, part.kind), far


def _far(shape: Shape, leaning: Leaning) -> float | None:
    low, high = _bounds(shape)
    if leaning is Leaning.HIGH:
        return high
    return None if low is None else -low


def _bounds(shape: Shape) -> tuple[float | None, float | None]:
    match shape:
        case Literal(kind="number"):
            return min(shape.values), max(shape.values)
        case Number() | String() | Array():
            low, high = shape.low, shape.high
            return None if low is None else float(low), None if high is None else float(high)
    return None, None
