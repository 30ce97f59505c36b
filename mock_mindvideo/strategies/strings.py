"""Strings: lengths in code points, patterns and formats."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, partial

from hypothesis import strategies as st

from mock_mindvideo.catalog.patterns import found

from .formats import FORMATS
from .patterns import for_drawing
from .shapes import Compiler, Shape, literal
from .values import Json, key

_SHORT = 40  # drawn character by character up to here; longer texts repeat a short one
# A lone surrogate is no Unicode text and cannot be sent as UTF-8.
CHARACTERS = st.characters(exclude_categories=["Cs"])


@dataclass(frozen=True, slots=True)
class String(Shape):
    """Texts between two lengths that match some patterns and formats and miss others."""

    low: int = 0
    high: int | None = None
    patterns: frozenset[str] = frozenset()
    not_patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    excluded: frozenset[Hashable] = frozenset()

    kind = "string"

    def admits(self, value: Json, compiler: Compiler) -> bool:
        """Check everything but the formats, which JSON Schema only notes."""
        return (
            self._fits(value)
            and all(searches(pattern, value) for pattern in self.patterns)
            and not any(searches(pattern, value) for pattern in self.not_patterns)
            and key(value) not in self.excluded
        )

    def height(self, compiler: Compiler) -> float:
        """A text is flat."""
        return 1

    def strategy(self, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
        """Draw short texts, the longest allowed, and near misses of what is excluded."""
        drawn = self._drawn()
        if self._filters():
            drawn = drawn.filter(lambda value: self.admits(value, compiler))
        near = [word for word in self._near_misses() if self.admits(word, compiler)]
        return st.one_of(drawn, st.sampled_from(near)) if near else drawn

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

    def _drawn(self) -> st.SearchStrategy[str]:
        if self.formats:
            return FORMATS[min(self.formats)]
        if self.patterns:
            return matching(min(self.patterns, key=lambda pattern: (-len(pattern), pattern)))
        return texts(self.low, self.high)

    def _filters(self) -> bool:
        """Tell whether drawing must filter: by what a pattern or a format does not know of."""
        bounded = self.low > 0 or self.high is not None
        said = len(self.formats) + len(self.patterns)
        return bool(said > 1 or self.not_patterns or self.excluded or (said and bounded))

    def _near_misses(self) -> list[str]:
        words = sorted(word[1] for word in self.excluded)  # type: ignore[index]
        near = [change(word) for word in words for change in _CHANGES]
        return list(dict.fromkeys(near)) if not (self.patterns or self.formats) else []


TEXTS = String()

_CHANGES = (str.swapcase, "{} ".format, " {}".format, "{}0".format)


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


def searches(pattern: str, value: str) -> bool:
    """Tell whether the validators find the pattern in the text."""
    return found(pattern, value)


@cache
def matching(pattern: str) -> st.SearchStrategy[str]:
    """Draw texts in which the pattern is found, as ECMA-262 reads it.

    Raises:
        ValueError: where none can be drawn.
    """
    strategy = st.from_regex(for_drawing(pattern), alphabet=CHARACTERS)
    # Filtering: look-arounds, and the few words that mean more in one dialect than in the other.
    return strategy.filter(partial(searches, pattern))


def tighter(one: int | None, two: int | None) -> int | None:
    """Give the lower of two upper bounds, where None is no bound."""
    if one is None or two is None:
        return two if one is None else one
    return min(one, two)
