"""What each keyword of JSON Schema means for how much is taken: (less, more) than before."""

from collections.abc import Callable, Mapping
from typing import Any

Verdict = tuple[bool, bool]
Compare = Callable[[Any, Any], Verdict]

#: Keywords that only tell; a change of them is told, and breaks nobody.
ANNOTATIONS = frozenset(
    ("title", "description", "examples", "example", "$comment", "$schema", "$id", "deprecated",
     "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema",
     "discriminator", "externalDocs", "xml")
)  # fmt: skip

#: Keywords that hold schemas, which are compared themselves.
SUBSCHEMAS = frozenset(
    ("properties", "additionalProperties", "items", "contains", "propertyNames", "additionalItems",
     "not", "allOf", "anyOf", "oneOf", "$defs", "definitions", "$ref")
)  # fmt: skip

_TYPES = frozenset(("null", "boolean", "object", "array", "number", "string", "integer"))


def _lower_bound(old: Any, new: Any) -> Verdict:
    """A bound below: a greater one takes less."""
    before, after = (float("-inf") if each is None else each for each in (old, new))
    return after > before, after < before


def _upper_bound(old: Any, new: Any) -> Verdict:
    before, after = (float("inf") if each is None else each for each in (old, new))
    return after < before, after > before


def _least_count(old: Any, new: Any) -> Verdict:
    return _lower_bound(old or 0, new or 0)


def _type(old: Any, new: Any) -> Verdict:
    before, after = _types(old), _types(new)
    return not before <= after, not after <= before


def _types(value: Any) -> frozenset[str]:
    if value is None:
        return _TYPES
    named = frozenset([value] if isinstance(value, str) else value)
    return named | {"integer"} if "number" in named else named


def _values(old: Any, new: Any) -> Verdict:
    """Closed lists of values; no list is every value."""
    if old is None or new is None:
        return old is None, new is None
    gone = any(each not in new for each in old)
    come = any(each not in old for each in new)
    return gone, come


def _value(old: Any, new: Any) -> Verdict:
    return (old is None, new is None) if old is None or new is None else (True, True)


def _names(old: Any, new: Any) -> Verdict:
    """Required names: one more takes less."""
    before, after = set(old or ()), set(new or ())
    return not after <= before, not before <= after


def _switch(old: Any, new: Any) -> Verdict:
    return bool(new) and not old, bool(old) and not new


def _multiple(old: Any, new: Any) -> Verdict:
    if old is None or new is None:
        return old is None, new is None
    return new % old != 0 or new > old, old % new != 0 or old > new


def _default(old: Any, new: Any) -> Verdict:
    """Requests that leave it out mean something else, unless there was no default before."""
    return old is not None, False


def _unclear(old: Any, new: Any) -> Verdict:
    return True, True


KEYWORDS: Mapping[str, Compare] = {
    "type": _type,
    "enum": _values,
    "const": _value,
    "minimum": _lower_bound,
    "exclusiveMinimum": _lower_bound,
    "maximum": _upper_bound,
    "exclusiveMaximum": _upper_bound,
    "multipleOf": _multiple,
    "minLength": _least_count,
    "maxLength": _upper_bound,
    "minItems": _least_count,
    "maxItems": _upper_bound,
    "minProperties": _least_count,
    "maxProperties": _upper_bound,
    "minContains": _least_count,
    "maxContains": _upper_bound,
    "uniqueItems": _switch,
    "required": _names,
    "pattern": _value,
    "format": _value,
    "default": _default,
    "if": _unclear,
    "then": _unclear,
    "else": _unclear,
    "prefixItems": _unclear,
    "patternProperties": _unclear,
    "dependentRequired": _unclear,
    "dependentSchemas": _unclear,
    "unevaluatedProperties": _unclear,
    "unevaluatedItems": _unclear,
}
