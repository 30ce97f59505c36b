"""How much a test tries: few examples and pairs in `make test`, many in `make check`."""

from collections.abc import Iterable
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
