"""Goals: what a value has to do, said in terms of the schema's own places.

A goal is a set of atoms that must all come true. The empty goal accepts every value. Merging two
goals is set union, so conjunctions never copy or rewrite schemas, and equal goals are found equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from .documents import Path, Place


@dataclass(frozen=True, slots=True)
class Atom:
    """A value holds at this place (or does not), with some rules broken on purpose.

    `broken` names rules by their path below the place, such as `("properties", "size", "enum")`;
    each of them is violated and everything else there is kept.
    """

    place: Place
    holds: bool = True
    broken: frozenset[Path] = frozenset()


Goal: TypeAlias = frozenset[Atom]

ANYTHING: Goal = frozenset()
FULL = 2  # references back up that are followed freely; after those, values stay flat


def goal(place: Place, broken: Iterable[Path] = ()) -> Goal:
    """Ask that the value holds at the place, but for the broken rules."""
    rules = frozenset(broken)
    if not rules and place.schema in (True, {}):
        return ANYTHING
    return frozenset({Atom(place, holds=True, broken=rules)})


def refusal(place: Place) -> Goal:
    """Ask that the value does not hold at the place."""
    return frozenset({Atom(place, holds=False)})


def below(broken: Iterable[Path], *head: str | int) -> frozenset[Path]:
    """Keep the broken rules at or below `head`, and write them from there.

    The empty path is left for a schema that is broken as a whole, which only `false` can be.
    """
    size = len(head)
    return frozenset(path[size:] for path in broken if path[:size] == head)
