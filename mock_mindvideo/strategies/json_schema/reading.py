"""How a validator reads what JSON Schema leaves to it: patterns, steps, and its own keywords.

Who validates hands in its own reading, so that a value is drawn and judged by the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import corvus_regex_ecma262 as ecma


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> ecma.Regex:
    try:
        return ecma.compile(pattern, "u")
    except ecma.error as error:
        raise ValueError(str(error)) from None


def _found(pattern: str, text: str) -> bool:
    return bool(_parsed(pattern).test(text))


def _is_multiple(value: float, step: float) -> bool:
    return (Fraction(str(value)) / Fraction(str(step))).denominator == 1


def _as_it_is(kind: Any) -> Any:
    return kind


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A validator's reading; by default ECMA-262 with the `u` flag, and exact decimals.

    Attributes:
        parsed: raises ValueError for a text that is no pattern.
        found: tells whether a pattern is found in a text.
        is_multiple: tells whether a number is a multiple of a step.
        validator: gives the judge for one of jsonschema's validator classes.
    """

    parsed: Callable[[str], object] = _parsed
    found: Callable[[str, str], bool] = _found
    is_multiple: Callable[[float, float], bool] = _is_multiple
    validator: Callable[[Any], Any] = _as_it_is


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of the schema, as one validator reads it."""

    source: str
    reading: Reading

    def __lt__(self, other: Pattern) -> bool:
        """Sort by text, alike in every process."""
        return self.source < other.source

    def found(self, text: str) -> bool:
        """Tell whether the validator finds it in the text."""
        return self.reading.found(self.source, text)


@dataclass(frozen=True, slots=True)
class Divisor:
    """A divisor as the schema writes it."""

    divisor: int | float
    reading: Reading | None = None

    @property
    def exact(self) -> Fraction:
        """Give the decimal that the schema writes."""
        return Fraction(str(self.divisor))

    def divides(self, value: float) -> bool:
        """Tell whether the value is a multiple; without a reading, a whole number."""
        if self.reading is None:
            return isinstance(value, int) or value.is_integer()
        return self.reading.is_multiple(value, self.divisor)
