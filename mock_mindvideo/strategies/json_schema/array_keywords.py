"""Array keywords with schemas inside: prefixItems, items, additionalItems and contains."""

from __future__ import annotations

from .arrays import Array, Contains, Odd
from .documents import Path, Place
from .goals import ANYTHING, Atom, Goal, below, goal, refusal
from .shapes import Compiler, Shapes
from .values import JsonKind

Broken = frozenset[Path]


def item_places(place: Place) -> tuple[list[tuple[Path, Place]], tuple[Path, Place] | None]:
    """Give the schemas by position and the one for the rest, each with its path.

    Draft 7 writes `items: [...]` with `additionalItems`; 2020-12 `prefixItems` with `items`.
    """
    prefix_word, rest_word = "prefixItems", "items"
    if place.draft7 and isinstance(place.get("items"), list):
        prefix_word, rest_word = "items", "additionalItems"
    elif place.draft7:
        prefix_word = ""
    prefix: list[tuple[Path, Place]] = [
        ((prefix_word, index), place.child(prefix_word, index))
        for index in range(len(place.get(prefix_word, [])))
    ]
    if rest_word not in place.schema:
        return prefix, None
    return prefix, ((rest_word,), place.child(rest_word))


def each_reports(place: Place, path: Path) -> bool:
    """Tell whether `false` for the rest is reported by each item, not by the keyword at once."""
    return place.draft7 and path == ("items",)


def items_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold each position's schema; where one is broken, one item is the culprit."""
    prefix, rest = item_places(place)
    goals = tuple(goal(part, below(broken, *path)) for path, part in prefix)
    reached = [index + 1 for index, (path, _) in enumerate(prefix) if below(broken, *path)]
    everyone = goal(rest[1]) if rest else ANYTHING
    array = Array(goals, everyone, low=max(reached, default=0))
    if rest and rest[0] in broken and not each_reports(place, rest[0]):
        return (Array(goals, ANYTHING, low=len(goals) + 1),)
    if rest and below(broken, *rest[0]):
        odd = Odd(len(goals), goal(rest[1], below(broken, *rest[0])), everyone)
        array = Array(goals, everyone, max(array.low, len(goals) + 1), odd=frozenset({odd}))
    settled = array.settled(compiler)
    return () if settled is None else (settled,)


def items_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have at least one item that misses its schema."""
    prefix, rest = item_places(place)
    ways: list[Array] = []
    for index, (_, part) in enumerate(prefix):
        before: tuple[Goal, ...] = (ANYTHING,) * index
        ways.append(Array((*before, refusal(part)), low=index + 1))
    if rest is not None:
        odd = Odd(len(prefix), refusal(rest[1]))
        ways.append(Array(low=len(prefix) + 1, odd=frozenset({odd})))
    return compiler.union(ways)


def contains_held(
    compiler: Compiler, place: Place, kind: JsonKind, broken: Broken
) -> Shapes | None:
    """Hold the bounds on how many items match; a broken bound moves the count just past it."""
    if "contains" not in place.schema:
        return None
    low, high = _bounds(place)
    words = {path[0] for path in broken}
    if "contains" in words:
        return counted(compiler, place, 0, 0) if low else ()
    if "minContains" in words:
        few = low - 1 if high is None else min(low - 1, high)
        return counted(compiler, place, 1, few) if low > 1 else ()
    if "maxContains" in words:
        return () if high is None else counted(compiler, place, high + 1, None)
    return counted(compiler, place, low, high)


def contains_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have too few or too many items that match."""
    if "contains" not in place.schema:
        return ()
    low, high = _bounds(place)
    few = counted(compiler, place, 0, low - 1) if low else ()
    many = () if high is None else counted(compiler, place, high + 1, None)
    return compiler.union((*(few or ()), *(many or ())))


def counted(compiler: Compiler, place: Place, low: int, high: int | None) -> Shapes:
    """Give the arrays with `low` to `high` items that match `contains`."""
    if high is not None and low > high:
        return ()
    part = place.child("contains")
    if high == 0:
        return (Array(rest=refusal(part)),)
    if low == 0 and high is None:
        return (Array(),)
    atom = Atom(part)
    shape = Array(low=low, contains=frozenset({Contains(atom, low, high)})).settled(compiler)
    return () if shape is None else (shape,)


def _bounds(place: Place) -> tuple[int, int | None]:
    if place.draft7:
        return 1, None
    high = place.get("maxContains")
    return int(place.get("minContains", 1)), None if high is None else int(high)
