"""Drawing numbers: whole ones and fractions, and the bounds often."""

from __future__ import annotations

import math
import sys
from fractions import Fraction

from hypothesis import strategies as st

from .leanings import Leaning
from .numbers import Number, plain
from .shapes import Compiler
from .values import Json

_EXACT = 2**40  # a fraction added to more than this would be rounded away


def numbers(number: Number, compiler: Compiler) -> st.SearchStrategy[Json]:
    """Draw numbers of a shape."""
    drawn = _drawn(number, compiler.leaning)
    if number.not_steps or number.excluded or _inexact(number):
        # Filtering: a point of the grid with more digits than a float has is rounded off it.
        return drawn.filter(lambda value: number.admits(value, compiler))
    return drawn


def _inexact(number: Number) -> bool:
    return number.step is not None and number.step.denominator != 1


def _drawn(number: Number, leaning: Leaning) -> st.SearchStrategy[Json]:
    if number.step is not None:
        return _grid(number, leaning)
    return _between(number, leaning) if number.not_steps else _line(number, leaning)


def _between(number: Number, leaning: Leaning) -> st.SearchStrategy[Json]:
    """Draw between the points of the coarsest grid that must be missed."""
    step = max(step.exact for step in number.not_steps)
    most = min(_EXACT, math.floor(Fraction(sys.float_info.max) / step) - 1)
    first = _clipped(None if number.low is None else math.ceil(number.low / step), -most, most)
    last = _clipped(None if number.high is None else math.floor(number.high / step) - 1, most, most)
    if first > last:
        return _line(number, leaning)
    parts = st.floats(0.01, 0.99)
    return st.builds(lambda n, f: (n + f) * float(step), st.integers(first, last), parts)


def _grid(number: Number, leaning: Leaning) -> st.SearchStrategy[Json]:
    first, last = number.ends()
    step = number.step or Fraction(1)
    if step == 1:
        return _integers(first, last, leaning)
    return _integers(first, last, leaning).map(lambda index: plain(index * step))


def _line(number: Number, leaning: Leaning) -> st.SearchStrategy[Json]:
    first, last = number.ends()
    low = None if number.low is None else _inward(number.low, math.inf, open_=number.above)
    high = None if number.high is None else _inward(number.high, -math.inf, open_=number.below)
    kinds: list[st.SearchStrategy[Json]] = []
    if first is None or last is None or first <= last:
        kinds.append(st.integers(first, last))
    if low is None or high is None or low <= high:
        kinds.append(st.floats(low, high, allow_nan=False, allow_infinity=False))
    return leaning.bounded(st.one_of(kinds), *_bounds(number))


def _bounds(number: Number) -> tuple[Json | None, Json | None]:
    """Give the bounds that belong to the interval and that a float can be; None for others."""
    low, high = (None if b is None else plain(b) for b in (number.low, number.high))
    return (
        low if low is not None and number.within(Fraction(low)) else None,
        high if high is not None and number.within(Fraction(high)) else None,
    )


def _integers(first: int | None, last: int | None, leaning: Leaning) -> st.SearchStrategy[int]:
    if first is not None and last is not None:
        return leaning.whole(first, last)
    return leaning.bounded(st.integers(first, last), first, last)


def _clipped(bound: int | None, default: int, most: int) -> int:
    return default if bound is None else max(-most, min(most, bound))


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
