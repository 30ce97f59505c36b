"""Equality of JSON values: `1` equals `1.0`, `true` does not equal `1`, members have no order."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any

#: The six kinds of a value; an integer is a number.
KINDS = ("string", "number", "boolean", "null", "array", "object")


def kind_of(value: Any) -> str:
    """The kind of a JSON value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list | tuple):
        return "array"
    return "object" if isinstance(value, Mapping) else "null"


def exact(number: float) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(float(number)))


def key(value: Any) -> Hashable:
    """Equal for equal values, and only for those."""
    kind = kind_of(value)
    if kind == "number":
        return kind, exact(value)
    if kind == "array":
        return kind, tuple(map(key, value))
    if kind == "object":
        return kind, frozenset((str(name), key(each)) for name, each in value.items())
    return kind, value


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal."""
    if isinstance(left, str) or isinstance(right, str):
        return bool(left == right)
    return key(left) == key(right)
