"""Walking a schema: its own rules, and the schemas inside it."""

from __future__ import annotations

from collections.abc import Iterator

from .array_keywords import each_reports, item_places
from .documents import Path, Place
from .object_keywords import dependencies

# Keywords that are one rule each, wherever they stand.
LEAVES = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format",
    "minItems", "maxItems", "uniqueItems",
    "contains", "minContains", "maxContains", "minProperties", "maxProperties",
    "anyOf", "oneOf", "not",
)  # fmt: skip


def own_rules(place: Place) -> list[str]:
    """Give the keywords of a schema that are rules themselves, in the schema's order."""
    if _only_ref(place):
        return []
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
