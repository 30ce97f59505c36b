"""JSON values as JSON Schema compares them: 1 equals 1.0, and neither equals true."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any

#: The six types of a value; an integer is a number that is a multiple of 1.
KINDS = ("string", "number", "boolean", "null", "array", "object")


def kind_of(value: Any) -> str:
    """The type of a JSON value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    for kind, python in (("string", str), ("array", list), ("object", Mapping)):
        if isinstance(value, python):
            return kind
    return "null"


def exact(number: float) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(float(number)))


def plain(number: Fraction) -> int | float:
    """The number as JSON has it."""
    return int(number) if number.denominator == 1 else float(number)


def key(value: Any) -> Hashable:
    """Equal for equal values, and only for those."""
    kind = kind_of(value)
    if kind == "number":
        return kind, exact(value)
    if kind == "array":
        return kind, tuple(key(each) for each in value)
    if kind == "object":
        return kind, frozenset((str(name), key(each)) for name, each in value.items())
    return kind, value


class Values:
    """A closed list of values, each once; equal to another of the same values in any order."""

    def __init__(self, values: Any) -> None:
        self.by_key = {key(each): each for each in values}
        self._keys = frozenset(self.by_key)

    def __contains__(self, value: Any) -> bool:
        return key(value) in self.by_key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self._keys == other._keys

    def __hash__(self) -> int:
        return hash(self._keys)
