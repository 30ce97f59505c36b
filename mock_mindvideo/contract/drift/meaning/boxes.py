"""Formulas as alternatives of plain conditions, for the values of one type."""

from collections.abc import Iterable

from mock_mindvideo.contract.drift.meaning.answers import TooComplex
from mock_mindvideo.contract.drift.meaning.formulas import Constraint
from mock_mindvideo.contract.drift.meaning.values import Values

#: Conditions that hold together.
Box = frozenset[Constraint]

MOST_BOXES = 600
#: Boxes that are held against each other to leave out what others include.
MOST_COMPARED = 200


def product(one: list[Box], other: list[Box]) -> list[Box]:
    """What is in both; raises TooComplex."""
    if len(one) * len(other) > MOST_BOXES * 20:
        raise TooComplex
    joined = {left | right for left in one for right in other}
    return tidy(each for each in joined if not contradicts(each))


def tidy(boxes: Iterable[Box]) -> list[Box]:
    """The same alternatives, without those that others include; raises TooComplex."""
    found = _lists_joined(set(boxes))
    if len(found) <= MOST_COMPARED:
        found = [box for box in found if not any(other < box for other in found)]
    if len(found) > MOST_BOXES:
        raise TooComplex
    return found


def _lists_joined(boxes: set[Box]) -> list[Box]:
    """Closed lists of values that are alternatives are one list."""
    lists = [box for box in boxes if len(box) == 1 and _is_list(next(iter(box)))]
    if len(lists) < 2:
        return list(boxes)
    joined = Values(each for box in lists for each in next(iter(box)).arguments[0].by_key.values())
    return [*(boxes - set(lists)), frozenset([Constraint("in", (joined,))])]


def _is_list(condition: Constraint) -> bool:
    return condition.word == "in" and condition.holds


def contradicts(box: Box) -> bool:
    """Whether a condition stands beside its opposite."""
    return any(not each.holds and each._replace(holds=True) in box for each in box)
