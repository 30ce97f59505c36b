"""Numbers: bounds, steps and integers, as one interval with a grid on it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from hypothesis import strategies as st

from mock_mindvideo.catalog.dialect import is_multiple

from .shapes import Compiler, Shape, literal
from .values import Json, key

# A divisor as the schema writes it, with the keyword that asks for it.
Step: TypeAlias = tuple[str, int | float]
Pick: TypeAlias = Callable[[Fraction, Fraction], Fraction]

_EXACT = 2**40  # a fraction added to more than this would be rounded away
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
    steps: frozenset[Step] = frozenset()
    not_steps: frozenset[Step] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "number"

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check bounds and steps exactly."""
        return (
            self._within(Fraction(value))
            and all(divides(step, value) for step in self.steps)
            and not any(divides(step, value) for step in self.not_steps)
            and key(value) not in self.excluded
        )

    def height(self, compiler: Compiler) -> float:
        """A number is flat."""
        return 1

    def strategy(self, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
        """Draw whole numbers and fractions, the bounds themselves often."""
        drawn = self._drawn()
        if self.not_steps or self.excluded or self._inexact():
            # Filtering: a point of the grid with more digits than a float has is rounded off it.
            return drawn.filter(lambda value: self.admits(value, compiler))
        return drawn

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
            return [_plain(self.low)] if self.low == self.high else None
        first, last = self._ends()
        if first is None or last is None or last - first >= _FEW:
            return None
        return [_plain(self.step * index) for index in range(first, last + 1)]

    def _within(self, value: Fraction) -> bool:
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return not (
            self.high is not None and (value > self.high or (self.below and value == self.high))
        )

    def _ends(self) -> tuple[int | None, int | None]:
        step = self.step or Fraction(1)
        first = None if self.low is None else math.ceil(self.low / step)
        last = None if self.high is None else math.floor(self.high / step)
        if first is not None and self.above and first * step == self.low:
            first += 1
        if last is not None and self.below and last * step == self.high:
            last -= 1
        return first, last

    def _inexact(self) -> bool:
        return self.step is not None and self.step.denominator != 1

    def _drawn(self) -> st.SearchStrategy[Json]:
        if self.step is not None:
            return self._grid()
        return self._between() if self.not_steps else self._line()

    def _between(self) -> st.SearchStrategy[Json]:
        """Draw between the points of the coarsest grid that must be missed."""
        step = max(Fraction(str(divisor)) for _, divisor in self.not_steps)
        most = min(_EXACT, math.floor(Fraction(sys.float_info.max) / step) - 1)
        first = _clipped(None if self.low is None else math.ceil(self.low / step), -most, most)
        last = _clipped(None if self.high is None else math.floor(self.high / step) - 1, most, most)
        if first > last:
            return self._line()
        parts = st.floats(0.01, 0.99)
        return st.builds(lambda n, f: (n + f) * float(step), st.integers(first, last), parts)

    def _grid(self) -> st.SearchStrategy[Json]:
        first, last = self._ends()
        step = self.step or Fraction(1)
        if step == 1:
            return _integers(first, last)
        return _integers(first, last).map(lambda index: _plain(index * step))

    def _line(self) -> st.SearchStrategy[Json]:
        first, last = self._ends()
        low = None if self.low is None else _inward(self.low, math.inf, open_=self.above)
        high = None if self.high is None else _inward(self.high, -math.inf, open_=self.below)
        kinds: list[st.SearchStrategy[Json]] = []
        if first is None or last is None or first <= last:
            kinds.append(_integers(first, last))
        if low is None or high is None or low <= high:
            kinds.append(st.floats(low, high, allow_nan=False, allow_infinity=False))
        return st.one_of(kinds)


def divides(step: Step, value: Json) -> bool:
    """Tell whether `value` is a multiple, both as the decimals that they are written as."""
    word, divisor = step
    if word == "integer":
        return isinstance(value, int) or value.is_integer()
    return is_multiple(value, divisor)


def stepped(step: int | float) -> Number:
    """Give the multiples of `step`."""
    return Number(step=Fraction(str(step)), steps=frozenset({("step", step)}))


def unstepped(step: int | float) -> Number:
    """Give the numbers that are no multiples of `step`."""
    return Number(not_steps=frozenset({("step", step)}))


WHOLE = Number(step=Fraction(1), steps=frozenset({("integer", 1)}))
FRACTIONAL = Number(not_steps=frozenset({("integer", 1)}))
NUMBERS = Number()


def _integers(first: int | None, last: int | None) -> st.SearchStrategy[int]:
    edges = [edge for edge in (first, last) if edge is not None]
    plain = st.integers(first, last)
    if not edges or (first is not None and last is not None and last - first < _FEW):
        return plain
    return st.one_of(plain, plain, plain, st.sampled_from(edges))


def _clipped(bound: int | None, default: int, most: int) -> int:
    return default if bound is None else max(-most, min(most, bound))


def _plain(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _inward(bound: Fraction, towards: float, *, open_: bool) -> float:
    """Give the float nearest the bound that lies within it; huge bounds become the largest."""
    try:
        near = float(bound)
    except OverflowError:
        near = math.copysign(1.7976931348623157e308, bound)
    outside = near < bound if towards > 0 else near > bound
    if outside or (open_ and near == bound):
        return math.nextafter(near, towards)
    return near


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


def _multiple(step: Fraction | None, banned: Step) -> bool:
    return step is not None and (step / Fraction(str(banned[1]))).denominator == 1
