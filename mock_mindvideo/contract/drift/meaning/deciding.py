"""Whether a value exists that a formula describes: by building one, or by proof.

A value is finite, so one that could only be built out of itself does not exist: a question that
is met again while it is open is answered with no.
"""

from itertools import chain
from typing import Any

from mock_mindvideo.contract.drift.meaning.answers import (
    NOTHING,
    UNKNOWN,
    Found,
    Nothing,
    Search,
    TooComplex,
)
from mock_mindvideo.contract.drift.meaning.arrays import array_in
from mock_mindvideo.contract.drift.meaning.boxes import Box, product, tidy
from mock_mindvideo.contract.drift.meaning.conditions import holds
from mock_mindvideo.contract.drift.meaning.formulas import (
    ALWAYS,
    NEVER,
    All,
    Any_,
    Constraint,
    Formula,
    Schema,
    every,
    negation,
)
from mock_mindvideo.contract.drift.meaning.numbers import number_in
from mock_mindvideo.contract.drift.meaning.objects import object_in
from mock_mindvideo.contract.drift.meaning.reading import demands
from mock_mindvideo.contract.drift.meaning.strings import string_in
from mock_mindvideo.contract.drift.meaning.values import Values
from mock_mindvideo.domain.equality import KINDS, kind_of

#: Levels that a question leads to further ones, and questions for one comparison in all.
DEEPEST = 40
MOST_QUESTIONS = 20_000


class Decider:
    """Answers questions about formulas, and remembers the answers."""

    def __init__(self) -> None:
        self._answers: dict[Formula, Search] = {}
        self._boxes: dict[tuple[Formula, str], list[Box]] = {}
        self._open: dict[Formula, int] = {}
        self._reading: set[tuple[Formula, str]] = set()
        self._lowest = DEEPEST + 1  # the outermost open question that an answer rests on
        self._asked = 0

    def beyond(self, one: Formula, other: Formula) -> Search:
        """A value that `one` takes and `other` does not."""
        return self.find(every((one, negation(other))))

    def find(self, formula: Formula) -> Search:
        """A value that the formula describes."""
        if formula == NEVER:
            return NOTHING
        if formula in self._answers:
            return self._answers[formula]
        if formula in self._open:
            self._lowest = min(self._lowest, self._open[formula])
            return NOTHING
        self._asked += 1
        if len(self._open) >= DEEPEST or self._asked > MOST_QUESTIONS:
            return UNKNOWN
        return self._find(formula)

    def _find(self, formula: Formula) -> Search:
        depth, outer = len(self._open), self._lowest
        self._open[formula], self._lowest = depth, DEEPEST + 1
        try:
            answer = self._in_any_kind(formula)
        finally:
            del self._open[formula]
        if isinstance(answer, Found) or self._lowest >= depth:
            self._answers[formula] = answer
            self._lowest = outer
        self._lowest = min(self._lowest, outer)
        return answer

    def _in_any_kind(self, formula: Formula) -> Search:
        unknown = False
        for kind in KINDS:
            if _among_alternatives(formula, kind):
                continue
            try:
                boxes = self.boxes(formula, kind)
            except TooComplex:
                unknown = True
                continue
            for box in sorted(boxes, key=len):
                answer = self._in_box(kind, box)
                if isinstance(answer, Found):
                    return answer
                unknown = unknown or not isinstance(answer, Nothing)
        return UNKNOWN if unknown else NOTHING

    def _in_box(self, kind: str, box: Box) -> Search:
        listed = [each for each in box if each.word == "in" and each.holds]
        if listed:
            return self._among(listed[0].arguments[0], box)
        if kind == "number":
            return number_in(box)
        if kind == "string":
            return string_in(box)
        if kind == "array":
            return array_in(box, self)
        if kind == "object":
            return object_in(box, self)
        return self._among(Values([None] if kind == "null" else [False, True]), box)

    def _among(self, values: Values, box: Box) -> Search:
        answer: Search = NOTHING
        for value in values.by_key.values():
            verdict = self.kept(value, box)
            if verdict:
                return Found(value)
            if verdict is None:
                answer = UNKNOWN
        return answer

    def kept(self, value: Any, box: Box) -> bool | None:
        """Whether a value keeps every condition; None where that cannot be told."""
        return _all(holds(each, value, self) for each in box)

    def takes(self, formula: Formula, value: Any) -> bool | None:
        """Whether a formula describes the value; None where that cannot be told."""
        try:
            boxes = self.boxes(formula, kind_of(value))
        except TooComplex:
            return None
        verdicts = [self.kept(value, box) for box in boxes]
        return True if True in verdicts else None if None in verdicts else False

    def boxes(self, formula: Formula, kind: str) -> list[Box]:
        """The formula as alternatives; raises TooComplex."""
        if isinstance(formula, Constraint):
            return [frozenset([formula])]
        if isinstance(formula, All):
            found: list[Box] = [frozenset()]
            for part in sorted((self.boxes(each, kind) for each in formula.parts), key=len):
                found = product(found, part)
            return found
        if isinstance(formula, Any_):
            return tidy(chain.from_iterable(self.boxes(each, kind) for each in formula.parts))
        return self._schema(formula, kind)

    def _schema(self, formula: Formula, kind: str) -> list[Box]:
        name = formula, kind
        if name not in self._boxes:
            if name in self._reading:  # a reference that leads to itself says nothing
                raise TooComplex
            self._reading.add(name)
            try:
                self._boxes[name] = self.boxes(self._demanded(formula, kind), kind)
            finally:
                self._reading.discard(name)
        return self._boxes[name]

    def _demanded(self, formula: Formula, kind: str) -> Formula:
        if isinstance(formula, Schema):
            return demands(formula.node, kind)
        return negation(demands(negation(formula).node, kind))  # type: ignore[union-attr]


def _among_alternatives(formula: Formula, kind: str) -> bool:
    """Whether the formula is one schema without another that has all of its alternatives."""
    if not isinstance(formula, All) or len(formula.parts) != 2:
        return False
    one = [each for each in formula.parts if isinstance(each, Schema)]
    other = [negation(each) for each in formula.parts if not isinstance(each, Schema)]
    if not one or not other or not isinstance(other[0], Schema):
        return False
    sides = demands(one[0].node, kind), demands(other[0].node, kind)
    alternatives = [each.parts if isinstance(each, Any_) else {each} for each in sides]
    return alternatives[0] <= alternatives[1]


def _all(verdicts: Any) -> bool | None:
    found = list(verdicts)
    return False if False in found else None if None in found else True


__all__ = ["ALWAYS", "Decider"]
