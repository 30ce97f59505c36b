"""Rules: every keyword of a schema that a value can break, and those it cannot break alone.

A rule is one keyword at one place in the schema. Breaking it is no mutation of a finished value:
the compiler is asked for the values that miss this keyword and hold everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .members import dependencies
from .refs import Document, Path, Place
from .sequences import each_reports, item_places
from .values import pointer

# Keywords that are one rule each, wherever they stand.
LEAVES = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
    "contains", "minContains", "maxContains", "minProperties", "maxProperties",
    "anyOf", "oneOf", "not",
)  # fmt: skip
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
        """Name both."""
        return f"{self.violation} ({self.reason})"


@dataclass(frozen=True, slots=True, repr=False)
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
    for rule in _Walk(document).rules(document.root, (), (), None, frozenset()):
        found.setdefault(rule.violation, []).append(rule)
    return [_outside(ways) for ways in found.values()]


def _outside(ways: list[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in ways if rule.within is None)[:_WAYS] or (ways[0],)


@dataclass(frozen=True, slots=True)
class _Walk:
    document: Document

    def rules(
        self, place: Place, path: Path, at: Path, within: Violation | None, seen: frozenset[Place]
    ) -> Iterator[Rule]:
        """Walk a place: its own keywords first, then the schemas inside, each place once a path."""
        if isinstance(place.schema, bool) or place in seen:
            return
        for word in () if _only_ref(place) else _own(place):
            yield from self._own_rules(place, path, at, within, word)
        for steps, inner, position, composite in inside(place):
            holder = within or self._holder(place, at, composite)
            if inner.schema is False:
                # jsonschema reports a `false` from above: it does not step down to the value.
                yield self._rule(inner, (*path, *steps), at, holder, FALSE, "")
            yield from self.rules(inner, (*path, *steps), (*at, *position), holder, seen | {place})

    def _holder(self, place: Place, at: Path, composite: str) -> Violation | None:
        return self._violation(place, at, composite, composite) if composite else None

    def _own_rules(
        self, place: Place, path: Path, at: Path, within: Violation | None, word: str
    ) -> Iterator[Rule]:
        if word == "required":
            for index in range(len(place.schema[word])):
                yield self._rule(place, (*path, word, index), at, within, word, f"{word}/{index}")
        elif word in ("dependentRequired", "dependencies"):
            for _, name, asked in dependencies(place):
                for index in range(len(asked) if isinstance(asked, list) else 0):
                    steps = (word, name, index)
                    yield self._rule(place, (*path, *steps), at, within, word, pointer(steps)[1:])
        else:
            yield self._rule(place, (*path, word), at, within, word, word)

    def _rule(
        self, place: Place, path: Path, at: Path, within: Violation | None, word: str, tail: str
    ) -> Rule:
        return Rule(self._violation(place, at, word, tail), self.document, path, within)

    def _violation(self, place: Place, at: Path, word: str, tail: str) -> Violation:
        where = f"{place.pointer}/{tail}" if tail else place.pointer
        return Violation(pointer(at), word, where)


def _own(place: Place) -> list[str]:
    """Give the keywords of a schema that are rules themselves, in the schema's order."""
    schema = place.schema
    return [word for word in schema if word in LEAVES or _is_rule(place, word)]


def _is_rule(place: Place, word: str) -> bool:
    if word in ("required", "dependentRequired"):
        return True
    if word == "dependencies":
        return place.draft7
    if word == "additionalItems" and not isinstance(place.get("items"), list):
        return False
    if word in ("additionalProperties", "items", "additionalItems"):
        return place.schema[word] is False and not each_reports(place, (word,))
    return False


def _only_ref(place: Place) -> bool:
    return place.draft7 and "$ref" in place.schema


def inside(place: Place) -> Iterator[tuple[Path, Place, Path, str]]:
    """Give the schemas inside: steps in the schema, place, steps in the value, composite or ''."""
    schema = place.schema
    if "$ref" in schema:
        yield ("$ref",), place.target(schema["$ref"]), (), ""
    if _only_ref(place):
        return
    yield from _of_items(place)
    yield from _of_members(place)
    for index in range(len(schema.get("allOf", ()))):
        yield ("allOf", index), place.child("allOf", index), (), ""
    for word in ("then", "else"):
        if "if" in schema and word in schema:
            yield (word,), place.child(word), (), ""
    yield from _composite(place)


def _composite(place: Place) -> Iterator[tuple[Path, Place, Path, str]]:
    schema = place.schema
    for word in ("anyOf", "oneOf"):
        for index in range(len(schema.get(word, ()))):
            yield (word, index), place.child(word, index), (), word
    for word in ("not", "contains"):
        if word in schema and not isinstance(schema[word], bool):
            yield (word,), place.child(word), ("*",) if word == "contains" else (), word
    if "if" in schema and {"then", "else"} & schema.keys():
        yield ("if",), place.child("if"), (), "if"


def _of_items(place: Place) -> Iterator[tuple[Path, Place, Path, str]]:
    prefix, rest = item_places(place)
    for path, inner in prefix:
        yield path, inner, (path[1],), ""
    if rest is not None and not (rest[1].schema is False and _is_rule(place, str(rest[0][0]))):
        yield rest[0], rest[1], ("*",), ""


def _of_members(place: Place) -> Iterator[tuple[Path, Place, Path, str]]:
    schema = place.schema
    for name in schema.get("properties", ()):
        yield ("properties", name), place.child("properties", name), (name,), ""
    for name in schema.get("patternProperties", ()):
        yield ("patternProperties", name), place.child("patternProperties", name), ("*",), ""
    if schema.get("additionalProperties", False) is not False:
        yield ("additionalProperties",), place.child("additionalProperties"), ("*",), ""
    if "propertyNames" in schema:
        yield ("propertyNames",), place.child("propertyNames"), (), ""
    for word, name, asked in dependencies(place):
        if not isinstance(asked, list):
            yield (word, name), place.child(word, name), (), ""
