"""Drawing strings: by length, pattern or format, and near misses of what is excluded."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from .drawable_patterns import for_drawing
from .formats import FORMATS
from .leanings import Leaning
from .reading import Pattern
from .shapes import Compiler
from .strings import String
from .text_drawing import CHARACTERS
from .values import Json

_CHANGES = (str.swapcase, "{} ".format, " {}".format, "{}0".format)


def strings(string: String, compiler: Compiler) -> st.SearchStrategy[Json]:
    """Draw strings of a shape."""
    drawn = _drawn(string, compiler.leaning)
    if _filters(string):
        drawn = drawn.filter(lambda value: string.admits(value, compiler))
    near = [word for word in _near_misses(string) if string.admits(word, compiler)]
    return st.one_of(drawn, st.sampled_from(near)) if near else drawn


def _drawn(string: String, leaning: Leaning) -> st.SearchStrategy[str]:
    if string.formats:
        return FORMATS[min(string.formats)]
    if string.patterns:
        return matching(min(string.patterns, key=lambda pattern: (-len(pattern.source), pattern)))
    return leaning.texts(string.low, string.high)


def _filters(string: String) -> bool:
    """Tell whether drawing must filter: by what a pattern or a format does not know of."""
    bounded = string.low > 0 or string.high is not None
    said = len(string.formats) + len(string.patterns)
    return bool(said > 1 or string.not_patterns or string.excluded or (said and bounded))


def _near_misses(string: String) -> list[str]:
    words = sorted(word[1] for word in string.excluded)  # type: ignore[index]
    near = [change(word) for word in words for change in _CHANGES]
    return list(dict.fromkeys(near)) if not (string.patterns or string.formats) else []


@cache
def matching(pattern: Pattern) -> st.SearchStrategy[str]:
    """Draw texts in which the pattern is found, as ECMA-262 reads it.

    Raises:
        ValueError: where none can be drawn.
    """
    strategy = st.from_regex(for_drawing(pattern.source), alphabet=CHARACTERS)
    # Filtering: look-arounds, and the few words that mean more in one dialect than in the other.
    return strategy.filter(pattern.found)
