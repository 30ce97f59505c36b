"""The table of all keywords: what each asks for, and what missing it looks like."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from . import applicators, array_keywords, object_keywords, value_keywords
from .arrays import Array
from .documents import Place
from .keyword_groups import Group, read_scalar, scalar
from .numbers import Number, stepped, unstepped
from .objects import Object
from .reading import Divisor, Pattern
from .strings import String
from .values import Json


def groups(place: Place) -> Iterable[Group]:
    """Give the groups that a schema uses, those that narrow most first.

    Raises:
        Unsupported: a keyword that no strategy can be made for.
    """
    schema = place.schema
    if place.draft7 and "$ref" in schema:
        return (_REFERENCE,)
    return [group for group in GROUPS if any(word in schema for word in group.keywords)]


def _exact(value: Json) -> Fraction:
    return Fraction(value)


def _pattern(place: Place, keyword: str) -> Pattern:
    return place.pattern(place.get(keyword))


def _step(place: Place, keyword: str) -> Divisor:
    return place.step(place.get(keyword))


_REFERENCE = Group(("$ref",), None, applicators.ref_held, applicators.ref_missed)

_NUMBERS = (
    scalar("minimum", "number", lambda n: Number(low=_exact(n)),
           lambda n: Number(high=_exact(n), below=True)),
    scalar("maximum", "number", lambda n: Number(high=_exact(n)),
           lambda n: Number(low=_exact(n), above=True)),
    scalar("exclusiveMinimum", "number", lambda n: Number(low=_exact(n), above=True),
           lambda n: Number(high=_exact(n))),
    scalar("exclusiveMaximum", "number", lambda n: Number(high=_exact(n), below=True),
           lambda n: Number(low=_exact(n))),
    read_scalar("multipleOf", "number", _step, stepped, unstepped),
)  # fmt: skip

_STRINGS = (
    scalar("minLength", "string", lambda n: String(low=int(n)),
           lambda n: String(high=int(n) - 1) if n else None),
    scalar("maxLength", "string", lambda n: String(high=int(n)), lambda n: String(low=int(n) + 1)),
    read_scalar("pattern", "string", _pattern, lambda p: String(patterns=frozenset({p})),
                lambda p: String(not_patterns=frozenset({p}))),
    Group(("format",), "string", value_keywords.format_held, value_keywords.format_missed),
)  # fmt: skip

_ARRAYS = (
    scalar("minItems", "array", lambda n: Array(low=int(n)),
           lambda n: Array(high=int(n) - 1) if n else None),
    scalar("maxItems", "array", lambda n: Array(high=int(n)), lambda n: Array(low=int(n) + 1)),
    Group(("uniqueItems",), "array", value_keywords.unique_held, value_keywords.unique_missed),
    Group(("prefixItems", "items", "additionalItems"), "array",
          array_keywords.items_held, array_keywords.items_missed),
    Group(("contains", "minContains", "maxContains"), "array",
          array_keywords.contains_held, array_keywords.contains_missed),
)  # fmt: skip

_OBJECTS = (
    scalar("minProperties", "object", lambda n: Object(low=int(n)),
           lambda n: Object(high=int(n) - 1) if n else None),
    scalar("maxProperties", "object", lambda n: Object(high=int(n)),
           lambda n: Object(low=int(n) + 1)),
    Group(("required",), "object", object_keywords.required_held, object_keywords.required_missed),
    Group(("properties", "patternProperties", "additionalProperties"), "object",
          object_keywords.properties_held, object_keywords.properties_missed),
    Group(("propertyNames",), "object", object_keywords.names_held, object_keywords.names_missed),
    Group(("dependentRequired", "dependentSchemas", "dependencies"), "object",
          object_keywords.dependent_held, object_keywords.dependent_missed),
)  # fmt: skip

GROUPS: tuple[Group, ...] = (
    Group(("type",), None, value_keywords.type_held, value_keywords.type_missed),
    value_keywords.listed("enum"),
    value_keywords.listed("const"),
    *_NUMBERS,
    *_STRINGS,
    *_ARRAYS,
    *_OBJECTS,
    _REFERENCE,
    Group(("allOf",), None, applicators.all_held, applicators.all_missed),
    Group(("anyOf",), None, applicators.any_held, applicators.any_missed),
    Group(("oneOf",), None, applicators.one_held, applicators.one_missed),
    Group(("not",), None, applicators.not_held, applicators.not_missed),
    Group(("if", "then", "else"), None, applicators.if_held, applicators.if_missed),
)
