"""JSON Schema's keywords as the specification has them, where jsonschema has Python's instead.

Its patterns are Python's, and its `multipleOf` divides in floating point. Here patterns are
ECMA-262 (`patterns.py`) and steps are exact decimals. Both validators get them from here.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from mock_mindvideo.catalog.patterns import found

Errors = Iterator[ValidationError]

#: Characters of a value, and names of members, that a message shows.
SHOWN, NAMED = 60, 5

#: Characters from which it takes long to match a text.
LONG = 64 * 1024

#: To check schemas against their metaschema: no format. Patterns are read by their own engine.
FORMATS = FormatChecker(())


@cache
def exactly(kind: Any) -> Any:
    """jsonschema's validator class `kind`, with the keywords of this module."""
    own = {name: each for name, each in _KEYWORDS.items() if name in kind.VALIDATORS}
    return extend(kind, own)  # type: ignore[no-untyped-call]


def is_multiple(value: float, step: float) -> bool:
    """Whether `value` is a multiple of `step`, both as the decimals that they are written as."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    return (_exact(value) / _exact(step)).denominator == 1


def identity(value: Any) -> str:
    """A text that two JSON values share just where they are equal, as `1` and `1.0` are."""
    if isinstance(value, dict):
        members = (f"{identity(name)}:{identity(each)}" for name, each in sorted(value.items()))
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(identity, value))}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{len(value)}'{value}" if isinstance(value, str) else repr(value)


def unlisted(value: Iterable[str], schema: Mapping[str, Any]) -> Iterator[str]:
    """The names in `value` that neither `properties` nor `patternProperties` of `schema` speak of.

    Each pattern is asked by itself: joined with `|`, back references would count other groups.
    """
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value:
        if name not in named and not any(found(pattern, name) for pattern in patterns):
            yield name


class QuickPattern:
    """`pattern`, for jsonschema-rs."""

    def __init__(self, parent: Any, pattern: Any, path: Any) -> None:
        self._pattern = pattern

    def validate(self, value: object) -> None:
        if isinstance(value, str) and not found(self._pattern, value):
            raise ValueError("is not found")


class QuickStep:
    """`multipleOf`, for jsonschema-rs."""

    def __init__(self, parent: Any, step: Any, path: Any) -> None:
        self._step = step

    def validate(self, value: object) -> None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and not is_multiple(value, self._step):  # type: ignore[arg-type]
            raise ValueError("is no multiple")


#: What jsonschema-rs is to ask for these keywords.
QUICK: Mapping[str, Any] = {"pattern": QuickPattern, "multipleOf": QuickStep}


def _exact(number: float) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _pattern(validator: Any, rule: str, value: Any, schema: Any) -> Errors:
    if isinstance(value, str) and not _far_too_long(value, schema) and not found(rule, value):
        yield ValidationError(f"{value[:SHOWN]!r} does not match {rule!r}")


def _far_too_long(text: str, schema: Any) -> bool:
    """Whether a text is refused for its length in any case, and matching it would take long."""
    return len(text) > LONG and len(text) > schema.get("maxLength", len(text))


def _multiple_of(validator: Any, rule: float, value: Any, schema: Any) -> Errors:
    if validator.is_type(value, "number") and not is_multiple(value, rule):
        yield ValidationError(f"{value!r} is not a multiple of {rule}")


def _pattern_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for pattern, subschema in rule.items():
        for name in value:
            if found(pattern, name):
                yield from validator.descend(value[name], subschema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict) or rule is True:
        return
    if rule is False:
        extra = list(islice(unlisted(value, schema), NAMED))
        if extra:
            names, verb = ", ".join(map(repr, extra)), "was" if len(extra) == 1 else "were"
            yield ValidationError(
                f"Additional properties are not allowed ({names} {verb} unexpected)"
            )
        return
    for name in unlisted(value, schema):
        yield from validator.descend(value[name], rule, path=name)


def _unique_items(validator: Any, rule: bool, value: Any, schema: Any) -> Errors:
    """Equal items have equal texts, which takes one look at each instead of one at each pair."""
    if rule and isinstance(value, list) and len({identity(item) for item in value}) < len(value):
        yield ValidationError(f"{value!r} has non-unique elements")


_KEYWORDS: Mapping[str, Any] = {
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    "multipleOf": _multiple_of,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
}
