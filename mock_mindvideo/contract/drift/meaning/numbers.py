"""Numbers in a range, on a step: a number that keeps the conditions, or a proof."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, lcm

from mock_mindvideo.contract.drift.meaning.answers import NOTHING, UNKNOWN, Found, Search
from mock_mindvideo.contract.drift.meaning.boxes import Box
from mock_mindvideo.contract.drift.meaning.conditions import holds
from mock_mindvideo.contract.drift.meaning.values import plain

#: Steps of a range that are tried one by one.
MOST_TRIED = 400


def number_in(box: Box) -> Search:
    """A number that keeps every condition of the box."""
    low, high = _bound(box, "least"), _bound(box, "greatest")
    steps = [each.arguments[0] for each in box if each.word == "multiple" and each.holds]
    avoided = [each.arguments[0] for each in box if each.word == "multiple" and not each.holds]
    if any(each.word in ("opaque", "format") for each in box):
        return UNKNOWN
    if not steps:
        return _dense(box, low, high)
    step = _common(steps)
    if any((step / each).denominator == 1 for each in avoided):
        return NOTHING
    return _stepped(box, low, high, step)


def _bound(box: Box, word: str) -> tuple[Fraction, bool] | None:
    """The narrowest bound of that word, and whether it is itself outside."""
    bounds = [each.arguments for each in box if each.word == word]
    if not bounds:
        return None
    if word == "least":
        return max(bounds, key=lambda each: (each[0], each[1]))
    return min(bounds, key=lambda each: (each[0], not each[1]))


def _common(steps: list[Fraction]) -> Fraction:
    found = steps[0]
    for each in steps[1:]:
        bottom = lcm(found.denominator, each.denominator)
        found = Fraction(lcm(int(found * bottom), int(each * bottom)), bottom)
    return found


NumberBound = tuple[Fraction, bool] | None


def _stepped(box: Box, low: NumberBound, high: NumberBound, step: Fraction) -> Search:
    first = ceil(low[0] / step) if low else None
    last = floor(high[0] / step) if high else None
    if first is None:
        first = (last if last is not None else 0) - MOST_TRIED // 2
    end = first + MOST_TRIED if last is None else min(last, first + MOST_TRIED)
    for number in range(first, end + 1):
        value = plain(number * step)
        if _kept(box, value):
            return Found(value)
    whole = low is not None and last is not None and last <= end
    return NOTHING if whole else UNKNOWN


def _dense(box: Box, low: NumberBound, high: NumberBound) -> Search:
    if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))):
        return NOTHING
    for value in _between(low, high):
        if _kept(box, plain(value)):
            return Found(plain(value))
    return NOTHING if low and high and low[0] == high[0] else UNKNOWN


def _between(low: NumberBound, high: NumberBound) -> Iterator[Fraction]:
    start = low[0] if low else high[0] - 20 if high else Fraction(0)
    end = high[0] if high else start + 20
    yield from (start, end)
    for parts in (1, 2, 10, 7, 1000):
        yield from (Fraction(floor(start)) + Fraction(each, parts) for each in range(1, 25))
    yield from (start + (end - start) * Fraction(each, 13) for each in range(1, 13))


def _kept(box: Box, value: int | float) -> bool:
    return all(holds(each, value, None) is True for each in box)  # type: ignore[arg-type]
