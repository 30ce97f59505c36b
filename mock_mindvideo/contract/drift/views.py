"""A schema as one list of keywords, whatever it is spread over, so that two can be compared.

References are followed, `allOf` is merged, and what can be written in several ways is written in
one: `const` as `enum`, whole numbers' open bounds as closed ones, keywords that say nothing left
out. What a view says of a value is no more than what its schema says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.contract.drift.keywords import NEVER
from mock_mindvideo.contract.drift.meaning.references import SchemaNode
from mock_mindvideo.contract.drift.meaning.values import Values, plain
from mock_mindvideo.domain.equality import exact, kind_of

#: Schemas that hold at one place, all of them.
SchemasAtPlace = tuple[SchemaNode, ...]

DEEPEST = 30


@dataclass(slots=True)
class SchemaView:
    """`words` are plain keywords; `one` holds the schemas of each keyword that has one;
    `members` those of properties, `lists` those of each keyword that has a list.
    """

    words: dict[str, Any] = field(default_factory=dict)
    one: dict[str, SchemasAtPlace] = field(default_factory=dict)
    members: dict[str, SchemasAtPlace] = field(default_factory=dict)
    named: dict[str, dict[str, SchemasAtPlace]] = field(default_factory=dict)
    lists: dict[str, list[SchemasAtPlace]] = field(default_factory=dict)

    def member(self, name: str) -> SchemasAtPlace | None:
        return self.members.get(name)


ONE = ("items", "contains", "propertyNames", "additionalProperties", "not", "if", "then", "else",
       "unevaluatedProperties", "unevaluatedItems")  # fmt: skip
NAMED = ("patternProperties", "dependentSchemas")


def view(place: SchemasAtPlace) -> SchemaView:
    """The view of everything that holds at a place."""
    found = SchemaView()
    for node in _flat(place, 0):
        if node.schema is False:
            found.words[NEVER] = True
        elif isinstance(node.schema, Mapping):
            _add(found, node)
    _tidy(found.words)
    return found


def _flat(place: SchemasAtPlace, depth: int) -> Iterator[SchemaNode]:
    """The schemas themselves, those referred to, and those that always apply beside them."""
    for node in place:
        yield node
        if not isinstance(node.schema, Mapping) or depth > DEEPEST:
            continue
        reference = node.reference()
        target = node.follow(reference) if reference is not None else None
        inner = [node.at(each) for each in node.schema.get("allOf", ())]
        for keyword in ("anyOf", "oneOf"):
            if len(node.schema.get(keyword, ())) == 1:
                inner.append(node.at(node.schema[keyword][0]))
        yield from _flat((*([target] if target else ()), *inner), depth + 1)


def _add(found: SchemaView, node: SchemaNode) -> None:
    schema = _spelled(node.schema)
    for name, value in schema.items():
        if name == "properties":
            for each, inner in value.items():
                found.members[each] = (*found.members.get(each, ()), node.at(inner))
        elif name in NAMED:
            for each, inner in value.items():
                known = found.named.setdefault(name, {})
                known[each] = (*known.get(each, ()), node.at(inner))
        elif name in ONE:
            found.one[name] = (*found.one.get(name, ()), node.at(value))
        elif name in ("anyOf", "oneOf", "prefixItems"):
            if len(value) > 1 or name == "prefixItems":
                found.lists[name] = [(node.at(each),) for each in value]
        elif name not in _STRUCTURE:
            merge = _MERGE.get(name)
            same = name not in found.words
            found.words[name] = value if same or not merge else merge(found.words[name], value)


_STRUCTURE = ("allOf", "$ref", "$dynamicRef", "$recursiveRef", "$defs", "definitions", "$anchor",
              "$dynamicAnchor", "$id", "id", "$comment", "$schema", "$vocabulary")  # fmt: skip


def _spelled(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same in one spelling."""
    found = dict(schema)
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if isinstance(found.get("items"), list):
        found["prefixItems"] = found.pop("items")
        if "additionalItems" in found:
            found["items"] = found.pop("additionalItems")
    for name, strictly in _STRICTLY:
        if isinstance(found.get(strictly), bool):
            strict = found.pop(strictly)
            if strict and name in found:
                found[strictly] = found.pop(name)
    _listed(found)
    _without_null(found)
    if found.pop("nullable", False) and "type" in found:
        types = found["type"]
        found["type"] = [*([types] if isinstance(types, str) else types), "null"]
    return found


_STRICTLY = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


def _listed(found: dict[str, Any]) -> None:
    """Alternatives that are closed lists of values are one list."""
    for keyword in ("anyOf", "oneOf"):
        parts = found.get(keyword)
        if isinstance(parts, list) and parts and all(_closed(each) for each in parts):
            values = [value for each in parts for value in _closed(each) or ()]
            if keyword == "anyOf" or len(Values(values).by_key) == len(values):
                del found[keyword]
                before = found.get("enum")
                found["enum"] = values if before is None else _common(before, values)


#: What may stand beside `type` and say nothing of null.
_OF_TYPES = frozenset(
    ("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern",
     "minLength", "maxLength", "format", "items", "minItems", "maxItems", "uniqueItems",
     "properties", "required", "additionalProperties", "minProperties", "maxProperties",
     "title", "description")
)  # fmt: skip


def _without_null(found: dict[str, Any]) -> None:
    """One schema or null is that schema with one type more."""
    for keyword in ("anyOf", "oneOf"):
        parts = found.get(keyword)
        if not isinstance(parts, list) or len(parts) != 2 or {"type": "null"} not in parts:
            continue
        other = parts[1 - parts.index({"type": "null"})]
        apart = isinstance(other, Mapping) and "type" in other and other.keys() <= _OF_TYPES
        if apart and not other.keys() & found.keys() and "null" not in _types(other["type"]):
            del found[keyword]
            found.update(other, type=sorted({*_types(other["type"]), "null"}))


def _closed(schema: Any) -> list[Any] | None:
    if not isinstance(schema, Mapping) or schema.keys() & {"$ref", "allOf", "not"}:
        return None
    if "const" in schema:
        return [schema["const"]]
    return schema["enum"] if isinstance(schema.get("enum"), list) else None


def _common(one: list[Any], other: list[Any]) -> list[Any]:
    known = Values(other)
    return [each for each in one if each in known]


def _types(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


def _both_types(one: Any, other: Any) -> list[str]:
    left, right = _types(one), _types(other)
    both = left & right
    numeric = {"integer", "number"}
    if left & numeric and right & numeric and "integer" in left | right:
        both |= (
            {"integer"} if {"integer", "number"} & left and {"integer", "number"} & right else set()
        )
    return sorted(both)


_MERGE: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _both_types,
    "enum": _common,
    "required": lambda one, other: [*one, *(each for each in other if each not in one)],
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    "uniqueItems": lambda one, other: one or other,
    "title": lambda one, _other: one,
    "description": lambda one, _other: one,
}  # fmt: skip


def _tidy(words: dict[str, Any]) -> None:
    for name, nothing in _NOTHING.items():
        if name in words and words[name] == nothing:
            del words[name]
    if "enum" in words and "type" in words:
        types = _types(words.pop("type"))
        words["enum"] = [each for each in words["enum"] if _has_type(each, types)]
    if words.get("type") in ("integer", ["integer"]):
        _close_bounds(words)
    if isinstance(words.get("type"), list):
        types = set(words["type"])
        types -= {"integer"} if "number" in types else set()
        words["type"] = sorted(types) if len(types) != 1 else types.pop()


_NOTHING = {"minLength": 0, "minItems": 0, "minProperties": 0, "required": [], "uniqueItems": False,
            "deprecated": False, "readOnly": False, "writeOnly": False}  # fmt: skip


def _has_type(value: Any, types: set[str]) -> bool:
    kind = kind_of(value)
    whole = kind == "number" and exact(value).denominator == 1
    return kind in types or (whole and "integer" in types)


def _close_bounds(words: dict[str, Any]) -> None:
    """Of whole numbers, more than 1 is at least 2."""
    for (name, strictly), sign in zip(_STRICTLY, (1, -1), strict=True):
        bounds = []
        if strictly in words:
            limit = exact(words.pop(strictly)) * sign
            bounds.append(limit.__floor__() + 1)
        if name in words:
            bounds.append((exact(words[name]) * sign).__ceil__())
        if bounds:
            words[name] = plain(exact(max(bounds) * sign))
