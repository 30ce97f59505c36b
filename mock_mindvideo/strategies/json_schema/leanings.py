"""Leanings: where in a range values are drawn: evenly, at its lower or at its upper bound.

Hypothesis makes most of its examples by changing an earlier one a little, so that of a hundred
hardly twenty have nothing to do with each other. Were each bound left to chance, some would be
missed in most runs; so there are examples with nearly every member on its lower bound, and examples
with nearly every member on its upper one.

No leaning leaves anything out, so that Hypothesis shrinks to what it would find among all values.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

from hypothesis import strategies as st

from .text_drawing import repeated, texts

_FEW = 64  # whole numbers that are listed
_MOST = 256  # values up to here are equally likely when Hypothesis picks one of them
_TIMES = 15  # of 16 values, so many are where they lean to

_T = TypeVar("_T")


class Leaning(Enum):
    """Where to draw from a range."""

    EVENLY = "evenly"
    LOW = "low"
    HIGH = "high"

    def whole(self, low: int, high: int) -> st.SearchStrategy[int]:
        """Draw whole numbers between two bounds."""
        if high - low < _FEW:
            return self.any_of(range(low, high + 1))
        return self.bounded(st.integers(low, high), low, high)

    def any_of(self, values: Sequence[_T]) -> st.SearchStrategy[_T]:
        """Draw from values in ascending order."""
        listed = list(values)
        more = min(_TIMES * len(listed), _MOST - len(listed))
        if self is Leaning.LOW:
            return st.sampled_from([*listed[:1] * more, *listed])
        if self is Leaning.HIGH:
            return st.sampled_from([*listed, *listed[-1:] * more])
        return st.sampled_from(listed)

    def bounded(
        self, between: st.SearchStrategy[_T], low: _T | None, high: _T | None
    ) -> st.SearchStrategy[_T]:
        """Draw from a range that may have bounds."""
        if self is Leaning.EVENLY:
            ends = [end for end in (low, high) if end is not None]
            return st.one_of(between, st.sampled_from(ends)) if ends else between
        end = low if self is Leaning.LOW else high
        return between if end is None else _mostly(st.just(end), between)

    def sizes(self, low: int, usual: int, most: int) -> st.SearchStrategy[int]:
        """Draw sizes of arrays: from `low` to what is `usual`, or to the `most` there can be."""
        if self is Leaning.HIGH:
            return self.any_of([*range(low, usual + 1), *[most][: most - usual]])
        if self is Leaning.LOW and low:
            return self.any_of(range(low, usual + 1))
        return uniform(low, usual)

    def texts(self, low: int, high: int | None) -> st.SearchStrategy[str]:
        """Draw texts between two lengths."""
        if self is Leaning.EVENLY or (self is Leaning.HIGH and high is None):
            return texts(low, high)
        if self is Leaning.LOW or high is None:
            return _mostly(repeated(st.just(low)), texts(low, high))
        steps = range(low, high, max(1, (high - low) // _TIMES))
        return _mostly(repeated(self.any_of([*steps, high])), texts(low, high))

    def masks(self, count: int, wanted: int) -> st.SearchStrategy[int]:
        """Draw subsets of so many members, a bit for each; nearly always with those in `wanted`."""
        if self is Leaning.EVENLY:
            return uniform(0, 2**count - 1)
        every = 2**count - 1
        drawn = uniform(0, (_TIMES + 1) * (every + 1) - 1)
        return drawn.map(lambda mask: mask if mask <= every else mask & every | wanted)


@st.composite
def _mostly(draw: st.DrawFn, end: st.SearchStrategy[_T], between: st.SearchStrategy[_T]) -> _T:
    return draw(end if draw(MOSTLY) else between)


def uniform(low: int, high: int) -> st.SearchStrategy[int]:
    """Draw up to 256 whole numbers, all equally likely; those of `integers` are mostly small."""
    return st.sampled_from(range(low, high + 1))


#: True but for 1 time in 16; `one_of` counts a strategy once, however often it is given.
MOSTLY = uniform(0, _TIMES)
