"""Drawing a number of examples outside a property, for tests that look at all of them at once."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

# A busy machine must not fail a test; how fast strategies are is the benchmark's business.
PATIENT = settings(deadline=None)


def draw_many(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Draw `count` examples, the same ones each time, with every health check on."""
    found: list[Any] = []
    check(strategy, count, found.append)
    return found


def check(strategy: st.SearchStrategy[Any], count: int, each: Callable[[Any], object]) -> None:
    """Run a check on `count` examples, without shrinking, with every health check on."""

    @seed(4)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def run(value: Any) -> None:
        each(value)

    run()
