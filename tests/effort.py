"""How many examples a property takes: few in `make test`, many in `make check`."""

from hypothesis import settings


def examples(count: int) -> int:
    """That many with the profile `thorough`, for a property that needs a number of its own.

    A run with another profile takes its share of them.
    """
    return max(1, count * settings.default.max_examples // 100)
