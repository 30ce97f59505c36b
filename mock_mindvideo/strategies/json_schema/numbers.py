"""Numbers: bounds, steps and integers, as one interval with a grid on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .reading import Divisor
from .shapes import Compiler, Shape, literal
from .values import Json, key

Pick: TypeAlias = Callable[[Fraction, Fraction], Fraction]

_FEW = 64  # so many values are listed, which makes what is left of them exact


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """The multiples of `step` (any number without one) between two bounds.

    `steps` are the divisors as the schema writes them; not every point of their grid is a float.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    above: bool = False
    below: bool = False
    step: Fraction | None = None
    steps: frozenset[Divisor] = frozenset()
    not_steps: frozenset[Divisor] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "number"

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check bounds and steps exactly."""
        return (
            self.within(Fraction(value))
            and all(step.divides(value) for step in self.steps)
            and not any(step.divides(value) for step in self.not_steps)
            and key(value) not in self.excluded
        )

    def height(self, compiler: Compiler) -> float:
        """A number is flat."""
        return 1

    def _both(self, other: Shape, compiler: Compiler) -> Shape | None:
        assert isinstance(other, Number)  # noqa: S101 - shapes of one kind only ever meet
        low, above = _tighter(self.low, self.above, other.low, other.above, max)
        high, below = _tighter(self.high, self.below, other.high, other.below, min)
        met = Number(
            low, high, above, below, _common(self.step, other.step),
            self.steps | other.steps, self.not_steps | other.not_steps,
            self.excluded | other.excluded,
        )  # fmt: skip
        return met.settled(compiler)

    def settled(self, compiler: Compiler) -> Shape | None:
        """Give None when nothing is left, and the values themselves when they are few."""
        if any(_multiple(self.step, step) for step in self.not_steps):
            return None
        few = self._few()
        if few is None:
            return self if self._open() else None
        return literal("number", (value for value in few if self.admits(value, compiler)))

    def _open(self) -> bool:
        if self.low is None or self.high is None:
            return True
        return self.low < self.high or (self.low == self.high and not self.above | self.below)

    def _few(self) -> list[Json] | None:
        if self.low is None or self.high is None or not self._open():
            return None
        if self.step is None:
            return [plain(self.low)] if self.low == self.high else None
        first, last = self.ends()
        if first is None or last is None or last - first >= _FEW:
            return None
        return [plain(self.step * index) for index in range(first, last + 1)]

    def within(self, value: Fraction) -> bool:
        """Tell whether a value lies between the bounds."""
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return not (
            self.high is not None and (value > self.high or (self.below and value == self.high))
        )

    def ends(self) -> tuple[int | None, int | None]:
        """Give the first and the last point of the grid, counted in steps from 0."""
        step = self.step or Fraction(1)
        first = None if self.low is None else math.ceil(self.low / step)
        last = None if self.high is None else math.floor(self.high / step)
        if first is not None and self.above and first * step == self.low:
            first += 1
        if last is not None and self.below and last * step == self.high:
            last -= 1
        return first, last


def plain(value: Fraction) -> int | float:
    """Give the number as JSON has it, whole where it can be."""
    return value.numerator if value.denominator == 1 else float(value)


def stepped(step: Divisor) -> Number:
    """Give the multiples of `step`."""
    return Number(step=step.exact, steps=frozenset({step}))


def unstepped(step: Divisor) -> Number:
    """Give the numbers that are no multiples of `step`."""
    return Number(not_steps=frozenset({step}))


WHOLE = stepped(Divisor(1))
FRACTIONAL = unstepped(Divisor(1))
NUMBERS = Number()


def _tighter(
    one: Fraction | None, one_open: bool, two: Fraction | None, two_open: bool, pick: Pick
) -> tuple[Fraction | None, bool]:
    if one is None or two is None:
        return (two, two_open) if one is None else (one, one_open)
    if one == two:
        return one, one_open or two_open
    return (one, one_open) if pick(one, two) == one else (two, two_open)


def _common(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    if one is None or two is None:
        return one or two
    top = math.lcm(one.numerator * two.denominator, two.numerator * one.denominator)
    return Fraction(top, one.denominator * two.denominator)


def _multiple(step: Fraction | None, banned: Divisor) -> bool:
    return step is not None and (step / banned.exact).denominator == 1
