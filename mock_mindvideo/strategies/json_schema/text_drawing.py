"""Drawing texts of two lengths: short ones, and some at the far end."""

from __future__ import annotations

from hypothesis import strategies as st

_SHORT = 40  # drawn character by character up to here; longer texts repeat a short one
# A lone surrogate is no Unicode text and cannot be sent as UTF-8.
CHARACTERS = st.characters(exclude_categories=["Cs"])

# What is repeated can be printed: Hypothesis shows a failing example, and a long one in escapes
# would be ten times as long. Half of it lies beyond the BMP, so that whoever counts UTF-16 units or
# bytes instead of code points is found soon.
_ASTRAL = st.characters(min_codepoint=0x10000, categories=["L", "M", "N", "P", "S"])
_UNITS = st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=1, max_size=8)


def texts(low: int, high: int | None) -> st.SearchStrategy[str]:
    """Draw texts of `low` to `high` code points: short ones, and some at the far end.

    A long text repeats a short one: drawn character by character it would exhaust the entropy
    that Hypothesis allows for one example.
    """
    if low > _SHORT:
        return repeated(_far(low, low + _SHORT if high is None else high))
    short = st.text(CHARACTERS, min_size=low, max_size=None if high is None else min(high, _SHORT))
    if high is None or high <= _SHORT:
        return short
    long = repeated(_far(_SHORT, high))
    return st.one_of(short, short, long, long)


def repeated(sizes: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    """Draw texts of such sizes, each of which repeats a short one."""
    return st.builds(_tiled, st.one_of(_UNITS, _ASTRAL), sizes)


def _tiled(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _far(low: int, high: int) -> st.SearchStrategy[int]:
    return st.one_of(st.just(high), st.integers(low, high), st.just(max(low, high - 1)))
