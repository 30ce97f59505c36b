"""Strings of some length that match and do not match: one that keeps the conditions, or a proof."""

import re
from collections.abc import Iterator

from mock_mindvideo.contract.drift.meaning.answers import NOTHING, UNKNOWN, Found, Search
from mock_mindvideo.contract.drift.meaning.boxes import Box
from mock_mindvideo.contract.drift.meaning.conditions import SAMPLES, holds
from mock_mindvideo.contract.drift.meaning.languages import common_words

#: The longest string that is built.
LONGEST = 100_000

#: Strings ruled out one by one that a proof counts.
MOST_LISTED = 50

#: Characters that a pattern takes for something else.
_SYNTAX = re.compile(r"[\^$\\.*+?()\[\]{}|/]")


def string_in(box: Box) -> Search:
    """A string that keeps every condition of the box."""
    low = max((each.arguments[0] for each in box if each.word == "shortest"), default=0)
    high = min((each.arguments[0] for each in box if each.word == "longest"), default=None)
    if high is not None and low > high:
        return NOTHING
    yes = [each.arguments[0] for each in box if each.word == "pattern" and each.holds]
    no = [each.arguments[0] for each in box if each.word == "pattern" and not each.holds]
    words = common_words(yes, [*no, *(_listed(box) if yes else ())], low, high)
    if words == ():
        return NOTHING
    for value in (*(words or ()), *_candidates(low, high)):
        if all(holds(each, value, None) is True for each in box):  # type: ignore[arg-type]
            return Found(value)
    only_empty = high == 0 and not any(each.word in ("opaque", "format") for each in box)
    return NOTHING if only_empty else UNKNOWN


def _listed(box: Box) -> Iterator[str]:
    """The strings that are ruled out one by one, as a pattern, so that a proof can count them."""
    for each in box:
        if each.word == "in" and not each.holds:
            words = [word for word in each.arguments[0].by_key.values() if isinstance(word, str)]
            if 0 < len(words) <= MOST_LISTED:
                exact = "|".join(_SYNTAX.sub(r"\\\g<0>", word) for word in words)
                yield f"^(?:{exact})$"


def _candidates(low: int, high: int | None) -> Iterator[str]:
    most = LONGEST if high is None else min(high, LONGEST)
    for length in dict.fromkeys((low, low + 1, low + 2, low + 7, most if high else low)):
        if length <= most:
            yield from (letter * length for letter in "axA0_- ü图")
            yield "".join(chr(97 + each % 26) for each in range(length))
    yield from (*SAMPLES.values(), "\n ")
