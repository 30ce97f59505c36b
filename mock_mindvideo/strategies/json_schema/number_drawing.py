"""Drawing numbers: whole ones and fractions, and the bounds often."""

from __future__ import annotations

import math
import sys
from fractions import Fraction

from hypothesis import strategies as st

from .numbers import FEW, Number, plain
from .shapes import Compiler
from .values import Json

_EXACT = 2**40  # a fraction added to more than this would be rounded away


def numbers(number: Number, compiler: Compiler) -> st.SearchStrategy[Json]:
    """Draw numbers of a shape."""
    drawn = _drawn(number)
    if number.not_steps or number.excluded or _inexact(number):
        # Filtering: a point of the grid with more digits than a float has is rounded off it.
        return drawn.filter(lambda value: number.admits(value, compiler))
    return drawn


def _inexact(number: Number) -> bool:
    return number.step is not None and number.step.denominator != 1


def _drawn(number: Number) -> st.SearchStrategy[Json]:
    if number.step is not None:
        return _grid(number)
    return _between(number) if number.not_steps else _line(number)


def _between(number: Number) -> st.SearchStrategy[Json]:
    """Draw between the points of the coarsest grid that must be missed."""
    step = max(step.exact for step in number.not_steps)
    most = min(_EXACT, math.floor(Fraction(sys.float_info.max) / step) - 1)
    first = _clipped(None if number.low is None else math.ceil(number.low / step), -most, most)
    last = _clipped(None if number.high is None else math.floor(number.high / step) - 1, most, most)
    if first > last:
        return _line(number)
    parts = st.floats(0.01, 0.99)
    return st.builds(lambda n, f: (n + f) * float(step), st.integers(first, last), parts)


def _grid(number: Number) -> st.SearchStrategy[Json]:
    first, last = number.ends()
    step = number.step or Fraction(1)
    if step == 1:
        return _integers(first, last)
    return _integers(first, last).map(lambda index: plain(index * step))


def _line(number: Number) -> st.SearchStrategy[Json]:
    first, last = number.ends()
    low = None if number.low is None else _inward(number.low, math.inf, open_=number.above)
    high = None if number.high is None else _inward(number.high, -math.inf, open_=number.below)
    kinds: list[st.SearchStrategy[Json]] = []
    if first is None or last is None or first <= last:
        kinds.append(_integers(first, last))
    if low is None or high is None or low <= high:
        kinds.append(st.floats(low, high, allow_nan=False, allow_infinity=False))
    return st.one_of(kinds)


def _integers(first: int | None, last: int | None) -> st.SearchStrategy[int]:
    edges = [edge for edge in (first, last) if edge is not None]
    plain = st.integers(first, last)
    if not edges or (first is not None and last is not None and last - first < FEW):
        return plain
    return st.one_of(plain, plain, plain, st.sampled_from(edges))


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
