"""Times that are not always the same: `lognormal(30, 0.5)` is drawn anew for each task or request.

The chance that decides comes from the world's seed, so the same seed draws the same times.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import exp, log
from typing import NamedTuple

from mock_mindvideo.domain.instant import microseconds
from mock_mindvideo.domain.script.model import ScriptError

#: Numbers in the brackets of `observed` and `percentiles`.
MOST = 64

_NUMBER = r"[0-9]{1,8}(?:\.[0-9]{1,6})?"
_PERCENT = r"(?:100|[0-9]{1,2}(?:\.[0-9]{1,3})?)"

#: No chance is so small or so large that a tail is endless.
_LEAST = 1e-9

#: A time is cut at its limit long before its logarithm is so large, and floats end soon after it.
_BEYOND = 600.0


class Distribution(NamedTuple):
    """A form: how it is written, what its numbers mean, the seconds for a chance in (0, 1)."""

    pattern: str
    means: str
    draw: Callable[[Sequence[float], float], float]


def _deviations(chance: float) -> float:
    """How many standard deviations above the mean a chance lies."""
    from statistics import NormalDist  # noqa: PLC0415 - only who draws waits for it

    return NormalDist().inv_cdf(chance)


def _uniform(numbers: Sequence[float], chance: float) -> float:
    low, high = sorted(numbers)
    return low + (high - low) * chance


def _normal(numbers: Sequence[float], chance: float) -> float:
    mean, deviation = numbers
    return mean + deviation * _deviations(chance)


def _lognormal(numbers: Sequence[float], chance: float) -> float:
    median, sigma = numbers
    return median * exp(min(sigma * _deviations(chance), _BEYOND))


def _exponential(numbers: Sequence[float], chance: float) -> float:
    return -numbers[0] * log(1 - chance)


def _observed(numbers: Sequence[float], chance: float) -> float:
    values = sorted(numbers)
    place = chance * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def _percentiles(numbers: Sequence[float], chance: float) -> float:
    """Straight lines between the points; from 0 s at 0 %, level after the last one."""
    points = [(0.0, 0.0), *zip(numbers[::2], numbers[1::2], strict=True)]
    place = bisect_left(points, (chance * 100, 0.0))
    if place == len(points):
        return points[-1][1]
    (low, before), (high, after) = points[max(place - 1, 0)], points[place]
    return before + (after - before) * (chance * 100 - low) / ((high - low) or 1)


def _listed(count: int | None, each: str = _NUMBER) -> str:
    more = f"{{1,{MOST - 1}}}" if count is None else f"{{{count - 1}}}"
    return rf"\({each}(?:, ?{each}){more}\)"


FORMS: Mapping[str, Distribution] = {
    "uniform": Distribution(_listed(2), "lowest, highest", _uniform),
    "normal": Distribution(_listed(2), "mean, standard deviation; 0 where it is below", _normal),
    "lognormal": Distribution(_listed(2), "median, sigma of the logarithm", _lognormal),
    "exponential": Distribution(_listed(1), "mean", _exponential),
    "observed": Distribution(_listed(None), "times that were seen, in any order", _observed),
    "percentiles": Distribution(
        rf"\({_PERCENT}:{_NUMBER}(?:, ?{_PERCENT}:{_NUMBER}){{0,{MOST // 2 - 1}}}\)",
        "percent:seconds, both rising",
        _percentiles,
    ),
}

#: What any of them is written like.
PATTERN = "|".join(name + each.pattern for name, each in FORMS.items())


def check(text: str) -> str:
    """A distribution's text as it is kept; raises ScriptError for percentiles that do not rise."""
    name, numbers = _read(text)
    if name == "percentiles":
        percents, seconds = numbers[::2], numbers[1::2]
        if list(seconds) != sorted(seconds) or list(percents) != sorted(set(percents)):
            raise ScriptError(f"'{text[:100]}' does not rise: write percent:seconds, both rising")
    return text


def drawn(text: str, chance: float, most: float) -> int:
    """Microseconds for a chance in [0, 1), below `most` seconds."""
    name, numbers = _read(text)
    seconds = FORMS[name].draw(numbers, min(max(chance, _LEAST), 1 - _LEAST))
    return microseconds(round(min(max(seconds, 0.0), most - 1), 3))


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[str, tuple[float, ...]]:
    name, _, rest = text.partition("(")
    return name, tuple(float(each) for each in re.findall(_NUMBER, rest))
