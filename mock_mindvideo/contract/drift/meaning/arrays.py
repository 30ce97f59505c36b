"""Arrays: one that keeps the conditions, or a proof that there is none."""

from typing import Any

from mock_mindvideo.contract.drift.meaning.answers import (
    NOTHING,
    UNKNOWN,
    Decides,
    Found,
    Nothing,
    Search,
)
from mock_mindvideo.contract.drift.meaning.boxes import Box
from mock_mindvideo.contract.drift.meaning.formulas import (
    Constraint,
    Formula,
    either,
    every,
    negation,
)
from mock_mindvideo.contract.drift.meaning.values import Values

#: The longest array that is built.
LONGEST = 60


def array_in(box: Box, decider: Decides) -> Search:
    """An array that keeps every condition of the box."""
    return _Array(box, decider).answer()


class _Array:
    def __init__(self, box: Box, decider: Decides) -> None:
        self._box = box
        self._decider = decider
        self._low = max((each.arguments[0] for each in box if each.word == "fewest"), default=0)
        most = [each.arguments[0] for each in box if each.word == "most"]
        starts = [each.arguments[0] for each in box if each.word in ("item", "at_most")]
        self._last = max((*starts, 0)) + 1  # all places from here on are alike
        self._high: int | None = min(most, default=None)
        self._needs = [each.arguments for each in box if each.word == "at_least"]
        self._caps = [each.arguments for each in box if each.word == "at_most"]
        self._unique = any(each.word == "unique" and each.holds for each in box)
        if any(each.word == "unique" and not each.holds for each in box):
            self._low = max(self._low, 2)

    def answer(self) -> Search:
        self._shorten()
        if self._high is not None and (self._low > self._high or self._high < 0):
            return NOTHING
        if any(self._impossible(*each) for each in self._needs):
            return NOTHING
        for length in self._lengths():
            built = self._build(length)
            if built is not None and self._decider.kept(built, self._box):
                return Found(built)
        if self._high == 0 and self._decider.kept([], self._box) is False:
            return NOTHING
        return UNKNOWN

    def _shorten(self) -> None:
        """No array is longer than the first place that nothing can stand at."""
        for at in range(min(self._last + 1, LONGEST)):
            if isinstance(self._decider.find(self._at(at)), Nothing):
                self._high = at if self._high is None else min(self._high, at)
                return

    def _at(self, place: int) -> Formula:
        """What every item at a place must be."""
        items = (each.arguments for each in self._box if each.word == "item")
        parts = [part for at, part in items if at == place]
        parts += [negation(part) for start, part, most in self._caps if not most and start <= place]
        return every(parts)

    def _impossible(self, start: int, part: Formula, count: int) -> bool:
        if self._high is not None and self._high - start < count:
            return True
        places = range(start, max(self._last, start) + 1)
        if self._high is not None:
            places = range(start, min(self._high, places.stop))
        return all(
            isinstance(self._decider.find(every((self._at(each), part))), Nothing)
            for each in places
        )

    def _lengths(self) -> list[int]:
        needed = max((start + count for start, _, count in self._needs), default=0)
        total = sum(count for _, _, count in self._needs)
        wanted = (self._low, needed, total, self._low + 1, self._last, self._last + total)
        most = LONGEST if self._high is None else min(self._high, LONGEST)
        return [each for each in dict.fromkeys(wanted) if max(self._low, needed) <= each <= most]

    def _build(self, length: int) -> list[Any] | None:
        left = [list(each) for each in self._needs]
        built: list[Any] = []
        for place in range(length):
            found = self._item(place, left, built)
            if found is None:
                return None
            built.append(found.value)
        return built

    def _item(self, place: int, left: list[Any], built: list[Any]) -> Found | None:
        parts = [self._at(place)]
        if self._unique and built:
            parts.append(Constraint("in", (Values(built),), holds=False))
        for need in left:
            if need[2] and need[0] <= place:
                found = self._decider.find(every((*parts, need[1])))
                if isinstance(found, Found):
                    need[2] -= 1
                    return found
        rare = either(part for start, part, most in self._caps if most and start <= place)
        for more in ([negation(rare)], []):
            found = self._decider.find(every((*parts, *more)))
            if isinstance(found, Found):
                return found
        return None
