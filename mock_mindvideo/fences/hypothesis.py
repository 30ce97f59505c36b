"""The first example that Hypothesis draws, as read in its versions 6.130 to 6.170.

It is always the simplest value of a strategy, which examples for people leave out: they would all
begin with the same empty texts. Hypothesis documents none of that. Where the first example is drawn
like the others, it stays.
"""

from functools import cache

import hypothesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mock_mindvideo.fences.fence import warn

READ_IN = "6.130 to 6.170"

#: Numbers of which the simplest, 0, is hardly drawn by chance.
_NUMBERS = st.integers(0, 1 << 200)


@cache
def begins_with_the_simplest() -> bool:
    """Whether the first example of a strategy is its simplest value."""
    if _first(seed=1) == _first(seed=2) == 0:
        return True
    gone = "the first example is not the simplest one"
    warn("hypothesis", READ_IN, gone, "it is among the examples that are printed")
    return False


def _first(seed: int) -> int | None:
    found: list[int] = []

    @hypothesis.seed(seed)
    @settings(max_examples=1, database=None, deadline=None, phases=[Phase.generate])
    @given(_NUMBERS)
    def collect(value: int) -> None:
        found.append(value)

    collect()
    return found[0] if found else None
