"""Drawing texts of two lengths: short ones, and some at the far end."""

from __future__ import annotations

from hypothesis import strategies as st

_SHORT = 40  # drawn character by character up to here; longer texts repeat a short one
# A lone surrogate is no Unicode text and cannot be sent as UTF-8.
CHARACTERS = st.characters(exclude_categories=["Cs"])


def texts(low: int, high: int | None) -> st.SearchStrategy[str]:
    """Draw texts of `low` to `high` code points: short ones, and some at the far end.

    A long text repeats a short one: drawn character by character it would exhaust the entropy
    that Hypothesis allows for one example.
    """
    if high is not None and high <= _SHORT:
        return st.text(CHARACTERS, min_size=low, max_size=high)
    if high is None and low <= _SHORT:
        return st.text(CHARACTERS, min_size=low)
    if low > _SHORT:
        sizes = st.integers(low, low + _SHORT) if high is None else _ends(low, high)
        return _long(sizes)
    short = st.text(CHARACTERS, min_size=low, max_size=max(low, _SHORT))
    return _mostly_short(short, _ends(_SHORT, high or _SHORT))


@st.composite
def _mostly_short(
    draw: st.DrawFn, short: st.SearchStrategy[str], sizes: st.SearchStrategy[int]
) -> str:
    way = draw(_WAYS)
    if way < _LONG_WAY:
        return draw(short)
    return _repeated(draw(_ASTRAL if way == _ASTRAL_WAY else _UNITS), draw(sizes))


def _long(sizes: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    return st.builds(_repeated, _UNITS, sizes)


def _ends(low: int, high: int) -> st.SearchStrategy[int]:
    return st.one_of(st.just(high), st.integers(low, high), st.just(max(low, high - 1)))


def _repeated(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


# Half of the texts stay short; a quarter repeats one, a quarter a character beyond the BMP, so
# that whoever counts UTF-16 units or bytes instead of code points is found soon.
_WAYS = st.integers(0, 3)
_LONG_WAY, _ASTRAL_WAY = 2, 3
# What is repeated can be printed: Hypothesis shows a failing example, and a long one in escapes
# would be ten times as long.
_ASTRAL = st.characters(min_codepoint=0x10000, categories=["L", "M", "N", "P", "S"])
_UNITS = st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=1, max_size=8)
