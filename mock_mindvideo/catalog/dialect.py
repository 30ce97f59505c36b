"""What JSON Schema's keywords mean by the specification, where validators have their own reading.

Patterns are ECMA-262 (`patterns.py`) and steps are exact decimals. Both validators get them from
here: jsonschema in `keywords.py`, jsonschema-rs in `quick.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from mock_mindvideo.catalog.patterns import found

#: Names of members that a message shows.
NAMED = 5


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


def _exact(number: float) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
