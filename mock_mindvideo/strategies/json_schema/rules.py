"""Rules: every keyword of a schema that a value can break, and those it cannot break alone.

A rule is one keyword at one place in the schema. Breaking it is no mutation of a finished value:
the compiler is asked for the values that miss this keyword and hold everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .documents import Document, Path, Place
from .object_keywords import dependencies
from .schema_walk import inside, own_rules
from .values import pointer

FALSE = "false"  # what a schema that is `false` is called; it has no keyword
_WAYS = 8  # ways to one rule that are tried


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule, as an independent validator reports it.

    Attributes:
        pointer: JSON Pointer, within the input, of the value that the validator objects to: the
            object itself for `required` and `additionalProperties`. In a list of rules, `*` stands
            for any item or member. Not compared, so a drawn violation equals its rule.
        keyword: the broken keyword.
        schema_pointer: the keyword's place, unique to the rule, such as
            `input.schema.json#/properties/prompt/minLength` or `input.schema.json#/required/0`.
    """

    pointer: str = field(compare=False)
    keyword: str
    schema_pointer: str

    def __str__(self) -> str:
        """Give the schema pointer, which reads well as the name of a parametrised test."""
        return self.schema_pointer


@dataclass(frozen=True, slots=True)
class ImpliedRule:
    """A rule that cannot be broken alone, with the one that is broken along with it.

    Attributes:
        violation: the rule.
        by: the rule that implies it; None when nothing can break it, with or without company.
        reason: one sentence on why.
    """

    violation: Violation
    by: Violation | None
    reason: str

    def __str__(self) -> str:
        """Name the violation and why it cannot be broken alone."""
        return f"{self.violation} ({self.reason})"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Rule:
    """A violation with a way to break it: steps through the schema, references included.

    `within` is the composite keyword in whose branch the rule stands, which reports in its stead.
    """

    violation: Violation
    document: Document
    path: Path
    within: Violation | None = None

    def __repr__(self) -> str:
        """Name the rule; strategies show it."""
        return str(self.violation)


def rules_of(document: Document) -> list[tuple[Rule, ...]]:
    """List every rule of a document, in the order of the schema.

    A place that references reach in several ways is one rule; each entry gives all its ways,
    those outside composite keywords if there are any.
    """
    found: dict[Violation, list[Rule]] = {}
    for rule in _Visit(document.root).rules():
        found.setdefault(rule.violation, []).append(rule)
    return [_outside(ways) for ways in found.values()]


def _outside(ways: list[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in ways if rule.within is None)[:_WAYS] or (ways[0],)


@dataclass(frozen=True, slots=True)
class _Visit:
    """Where a walk has got to: the place, the steps to it in the schema and in the value."""

    place: Place
    path: Path = ()
    at: Path = ()
    within: Violation | None = None

    def rules(self, seen: frozenset[Place] = frozenset()) -> Iterator[Rule]:
        """Give the place's own rules, then those of the schemas inside; no place twice in a row."""
        place = self.place
        if isinstance(place.schema, bool) or place in seen:
            return
        for word in own_rules(place):
            yield from (self.rule(word, tail) for tail in _tails(place, word))
        for steps, inner, position, composite in inside(place):
            holder = self.within or (self.rule(composite).violation if composite else None)
            path = (*self.path, *steps)
            if inner.schema is False:
                # jsonschema reports a `false` from above: it does not step down to the value.
                yield _Visit(inner, path, self.at, holder).rule(FALSE, ())
            yield from _Visit(inner, path, (*self.at, *position), holder).rules(seen | {place})

    def rule(self, word: str, tail: Path | None = None) -> Rule:
        """Name the rule of this keyword; the tail is its path from the place."""
        steps = (word,) if tail is None else tail
        where = self.place.pointer + pointer(steps)
        violation = Violation(pointer(self.at), word, where)
        return Rule(violation, self.place.document, (*self.path, *steps), self.within)


def _tails(place: Place, word: str) -> Iterator[Path]:
    """Give the paths of the rules that a keyword makes: one for each name it asks for."""
    if word == "required":
        yield from ((word, index) for index in range(len(place.schema[word])))
    elif word in ("dependentRequired", "dependencies"):
        for _, name, asked in dependencies(place):
            if isinstance(asked, list):
                yield from ((word, name, index) for index in range(len(asked)))
    else:
        yield (word,)
