"""Closed lists of JSON values, and numbers as JSON has them."""

from fractions import Fraction
from typing import Any

from mock_mindvideo.domain.equality import key


def plain(number: Fraction) -> int | float:
    """The number as JSON has it."""
    return int(number) if number.denominator == 1 else float(number)


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
