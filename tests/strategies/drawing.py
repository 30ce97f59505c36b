"""Drawing a number of examples outside a property, for tests that look at all of them at once."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

# A busy machine must not fail a test; how fast strategies are is the benchmark's business.
PATIENT = settings(deadline=None)


def some(strategy: st.SearchStrategy[Any], wanted: Callable[[Any], Any] = lambda _: True) -> Any:
    """A drawn example that is `wanted`, as it was drawn: shrinking it takes longer than finding it.

    Raises AssertionError if none of a thousand is.
    """
    for start in range(40):
        for each in draw_many(strategy, 25, start):
            if wanted(each):
                return each
    raise AssertionError("none of a thousand draws is like that")


def draw_many(strategy: st.SearchStrategy[Any], count: int, start: int = 4) -> list[Any]:
    """Draw `count` examples from the seed `start`, with every health check on."""
    found: list[Any] = []
    check(strategy, count, found.append, start)
    return found


def kinds(
    strategy: st.SearchStrategy[Any], kinds_of: Callable[[Any], set[Any]], wanted: set[Any]
) -> set[Any]:
    """The kinds that come up in as many draws as show all that are `wanted`, or in many.

    What Hypothesis draws from one seed depends on the modules that are loaded, so no small number
    of draws is known to be enough; in ten thousand, chance does not decide any more.
    """
    seen: set[Any] = set()
    for start in range(200):
        seen.update(*map(kinds_of, draw_many(strategy, 50, start)))
        if wanted <= seen:
            break
    return seen


def check(
    strategy: st.SearchStrategy[Any], count: int, each: Callable[[Any], object], start: int = 4
) -> None:
    """Run a check on `count` examples, without shrinking, with every health check on."""

    @seed(start)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def run(value: Any) -> None:
        each(value)

    run()
