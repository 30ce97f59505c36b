"""Formulas over schemas: a schema, a single condition, and what `and`, `or` and `not` make of them.

Equal formulas are equal objects, so that a question that leads back to itself is noticed.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mock_mindvideo.contract.drift.meaning.references import SchemaNode


class Constraint(NamedTuple):
    """One condition on values of one type, such as ("longest", (5,)); `holds` False negates it."""

    word: str
    arguments: tuple[Any, ...] = ()
    holds: bool = True


class Schema:
    """A schema where it stands; two that say the same without references are one."""

    __slots__ = ("_hash", "identity", "node")

    def __init__(self, node: SchemaNode) -> None:
        self.node = node
        self.identity: Hashable = node.identity
        self._hash = hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.identity == other.identity

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class _Several:
    parts: frozenset["Formula"]
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((type(self).__name__, self.parts)))

    def __hash__(self) -> int:
        return self._hash


class All(_Several):
    """Every part holds; without parts, always."""

    __slots__ = ()
    __hash__ = _Several.__hash__


class Any_(_Several):  # noqa: N801 - `Any` is typing's
    """At least one part holds; without parts, never."""

    __slots__ = ()
    __hash__ = _Several.__hash__


class Not(NamedTuple):
    """The part does not hold."""

    part: "Formula"


Formula = Constraint | Schema | All | Any_ | Not

ALWAYS: Formula = All(frozenset())
NEVER: Formula = Any_(frozenset())


def every(parts: Iterable[Formula]) -> Formula:
    """The conjunction, flattened; NEVER where two parts contradict each other."""
    found: set[Formula] = set()
    for part in parts:
        if part == NEVER:
            return NEVER
        found.update(part.parts if isinstance(part, All) else (part,))
    if any(isinstance(each, Not) and each.part in found for each in found):
        return NEVER
    return next(iter(found)) if len(found) == 1 else All(frozenset(found))


def either(parts: Iterable[Formula]) -> Formula:
    """The disjunction, flattened."""
    found: set[Formula] = set()
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        found.update(part.parts if isinstance(part, Any_) else (part,))
    return next(iter(found)) if len(found) == 1 else Any_(frozenset(found))


def negation(part: Formula) -> Formula:
    """The formula that holds exactly where this one does not."""
    if isinstance(part, Not):
        return part.part
    if isinstance(part, All):
        return either(negation(each) for each in part.parts)
    if isinstance(part, Any_):
        return every(negation(each) for each in part.parts)
    return opposite(part) if isinstance(part, Constraint) else Not(part)


def opposite(condition: Constraint) -> Formula:
    """What a value of the condition's type does that does not keep it."""
    word, given = condition.word, condition.arguments
    if word in _SIGNED:
        return condition._replace(holds=not condition.holds)
    if word in _BOUNDS:
        other, shift = _BOUNDS[word]
        return Constraint(other, (given[0] + shift,))
    if word in ("least", "greatest"):
        return Constraint("greatest" if word == "least" else "least", (given[0], not given[1]))
    return _opposite_part(word, given)


def _opposite_part(word: str, given: tuple[Any, ...]) -> Formula:
    if word == "item":
        at, part = given
        return every((Constraint("fewest", (at + 1,)), Constraint("item", (at, negation(part)))))
    if word == "member":
        name, part = given
        return every((Constraint("has", (name,)), Constraint("member", (name, negation(part)))))
    if word in ("at_least", "at_most"):
        start, part, count = given
        if word == "at_least":
            return Constraint("at_most", (start, part, count - 1)) if count else NEVER
        return Constraint("at_least", (start, part, count + 1))
    return Constraint(_QUANTIFIERS[word], (*given[:-1], negation(given[-1])))


_SIGNED = frozenset(("in", "opaque", "multiple", "pattern", "format", "unique", "has"))
_BOUNDS = {"shortest": ("longest", -1), "longest": ("shortest", 1),
           "fewest": ("most", -1), "most": ("fewest", 1)}  # fmt: skip
_QUANTIFIERS = {"others": "another", "another": "others", "matching": "match", "match": "matching",
                "names": "name", "name": "names"}  # fmt: skip
