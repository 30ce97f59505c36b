"""Strings: lengths in code points, patterns and formats."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from .reading import Pattern
from .shapes import Compiler, Shape, literal
from .values import Json, key


@dataclass(frozen=True, slots=True)
class String(Shape):
    """Texts between two lengths that match some patterns and formats and miss others."""

    low: int = 0
    high: int | None = None
    patterns: frozenset[Pattern] = frozenset()
    not_patterns: frozenset[Pattern] = frozenset()
    formats: frozenset[str] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "string"

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check everything but the formats, which JSON Schema only notes."""
        return (
            self._fits(value)
            and all(pattern.found(value) for pattern in self.patterns)
            and not any(pattern.found(value) for pattern in self.not_patterns)
            and key(value) not in self.excluded
        )

    def height(self, compiler: Compiler) -> float:
        """A text is flat."""
        return 1

    def _both(self, other: Shape, compiler: Compiler) -> Shape | None:
        assert isinstance(other, String)  # noqa: S101 - shapes of one kind only ever meet
        met = String(
            max(self.low, other.low), tighter(self.high, other.high),
            self.patterns | other.patterns, self.not_patterns | other.not_patterns,
            self.formats | other.formats, self.excluded | other.excluded,
        )  # fmt: skip
        return met.settled(compiler)

    def settled(self, compiler: Compiler) -> Shape | None:
        """Give None when nothing is left, and the empty text when that is all."""
        if self.patterns & self.not_patterns or (self.high is not None and self.low > self.high):
            return None
        if self.high == 0:
            return literal("string", [""] if self.admits("", compiler) else [])
        return self

    def _fits(self, value: str) -> bool:
        return self.low <= len(value) and (self.high is None or len(value) <= self.high)


TEXTS = String()


def tighter(one: int | None, two: int | None) -> int | None:
    """Give the lower of two upper bounds, where None is no bound."""
    if one is None or two is None:
        return two if one is None else one
    return min(one, two)
