"""What a change of each keyword means for how much is taken: (less, more) than before."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_mindvideo.contract.drift.meaning.values import Values
from mock_mindvideo.domain.equality import exact

Effect = tuple[bool, bool]
Compare = Callable[[Any, Any], Effect]

#: Keywords that only tell; a change of them is told, and breaks nobody.
TOLD = frozenset(
    ("title", "description", "examples", "example", "$comment", "$schema", "$id", "deprecated",
     "readOnly", "writeOnly", "discriminator", "externalDocs", "xml")
)  # fmt: skip

#: In a view, the word for a schema that takes nothing.
NEVER = "never"

_TYPES = frozenset(("null", "boolean", "object", "array", "number", "string", "integer"))


def _lower_bound(old: Any, new: Any) -> Effect:
    """A bound below: a greater one takes less."""
    if old is None or new is None:
        return old is None, new is None
    return exact(new) > exact(old), exact(new) < exact(old)


def _upper_bound(old: Any, new: Any) -> Effect:
    if old is None or new is None:
        return old is None, new is None
    return exact(new) < exact(old), exact(new) > exact(old)


def _type(old: Any, new: Any) -> Effect:
    before, after = _types(old), _types(new)
    return not before <= after, not after <= before


def _types(value: Any) -> frozenset[str]:
    if value is None:
        return _TYPES
    named = frozenset([value] if isinstance(value, str) else value)
    return named | {"integer"} if "number" in named else named


def _values(old: Any, new: Any) -> Effect:
    """Closed lists of values; no list is every value."""
    if old is None or new is None:
        return old is None, new is None
    before, after = Values(old), Values(new)
    return any(each not in after for each in old), any(each not in before for each in new)


def _value(old: Any, new: Any) -> Effect:
    return (old is None, new is None) if old is None or new is None else (True, True)


def _names(old: Any, new: Any) -> Effect:
    """Required names: one more takes less."""
    before, after = set(old or ()), set(new or ())
    return not after <= before, not before <= after


def _switch(old: Any, new: Any) -> Effect:
    return bool(new) and not old, bool(old) and not new


def _multiple(old: Any, new: Any) -> Effect:
    if old is None or new is None:
        return old is None, new is None
    share = exact(new) / exact(old)
    return share.denominator == 1 or share.numerator != 1, share.denominator != 1


def _default(old: Any, new: Any) -> Effect:
    """Requests that leave it out mean something else, unless there was no default before."""
    return old is not None, False


def _unclear(old: Any, new: Any) -> Effect:
    return True, True


KEYWORDS: Mapping[str, Compare] = {
    NEVER: _switch,
    "type": _type,
    "enum": _values,
    "minimum": _lower_bound,
    "exclusiveMinimum": _lower_bound,
    "maximum": _upper_bound,
    "exclusiveMaximum": _upper_bound,
    "multipleOf": _multiple,
    "minLength": _lower_bound,
    "maxLength": _upper_bound,
    "minItems": _lower_bound,
    "maxItems": _upper_bound,
    "minProperties": _lower_bound,
    "maxProperties": _upper_bound,
    "minContains": _lower_bound,
    "maxContains": _upper_bound,
    "uniqueItems": _switch,
    "required": _names,
    "pattern": _value,
    "format": _value,
    "contentEncoding": _value,
    "contentMediaType": _value,
    "contentSchema": _value,
    "default": _default,
    "dependentRequired": _unclear,
    "dependencies": _unclear,
}
