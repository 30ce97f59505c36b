"""How much a test tries: few examples and pairs in `make test`, many in `make check`."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import settings


def examples(count: int) -> int:
    """That many with the profile `thorough`, for a property that needs a number of its own.

    A run with another profile takes its share of them.
    """
    return max(1, count * settings.default.max_examples // 100)


def pairs(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Every pair as parameters; of them, each of both sides is in `make test` at least once."""
    ones, others = list(first), list(second)
    fewer = min(len(ones), len(others))
    return [
        pytest.param(one, other, marks=() if i % fewer == j % fewer else pytest.mark.slow)
        for i, one in enumerate(ones)
        for j, other in enumerate(others)
    ]


def cpu_seconds(call: Callable[[], object], most: float) -> float:
    """The CPU seconds of a call; of one that took more than `most`, the least of a few."""

    def measured() -> float:
        began = time.process_time()
        call()
        return time.process_time() - began

    return least(measured, most)


def least(measure: Callable[[], float], most: float) -> float:
    """What is measured; where that is `most` or more, the least of a few.

    What is slow is slow each time. What else the process may do meanwhile, such as collecting the
    garbage of other tests, is not.
    """
    found = float("inf")
    for _ in range(4):
        found = min(found, measure())
        if found < most:
            break
    return found
