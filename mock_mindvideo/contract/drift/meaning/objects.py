"""Objects: one that keeps the conditions, or a proof that there is none."""

from typing import Any

from mock_mindvideo.contract.drift.meaning.answers import (
    NOTHING,
    UNKNOWN,
    Decides,
    Found,
    Nothing,
    Search,
)
from mock_mindvideo.contract.drift.meaning.automata import matches
from mock_mindvideo.contract.drift.meaning.boxes import Box
from mock_mindvideo.contract.drift.meaning.formulas import (
    NEVER,
    Constraint,
    Formula,
    Schema,
    every,
)
from mock_mindvideo.contract.drift.meaning.languages import common_words
from mock_mindvideo.contract.drift.meaning.references import SchemaDocument
from mock_mindvideo.contract.drift.meaning.values import Values

STRINGS: Formula = Schema(SchemaDocument({"type": "string"}).top)

#: Members that are built to make an object large enough.
MOST_MEMBERS = 60


def object_in(box: Box, decider: Decides) -> Search:
    """An object that keeps every condition of the box."""
    return _Object(box, decider).answer()


class _Object:
    def __init__(self, box: Box, decider: Decides) -> None:
        self._box = box
        self._decider = decider
        self._required = {each.arguments[0] for each in box if each.word == "has" and each.holds}
        self._forbidden = {
            each.arguments[0] for each in box if each.word == "has" and not each.holds
        }
        self._fewest = max(self._given("fewest"), default=(0,))[0]
        self._most = min(self._given("most"), default=(None,))[0]
        self._closed = [each[:2] for each in self._given("others") if each[2] == NEVER]
        self._known = self._mentioned()

    def answer(self) -> Search:
        if self._proven_empty():
            return NOTHING
        built: dict[str, Any] = {}
        for name in sorted(self._required):
            found = self._decider.find(self._value(name))
            if not isinstance(found, Found):
                return UNKNOWN
            built[name] = found.value
        if self._add_wanted(built) and self._fill(built) and self._decider.kept(built, self._box):
            return Found(built)
        return UNKNOWN

    def _given(self, word: str) -> list[Any]:
        return [each.arguments for each in self._box if each.word == word]

    def _mentioned(self) -> list[str]:
        names = {*self._required, *self._forbidden, *(name for name, _ in self._given("member"))}
        for word in ("others", "another"):
            names.update(name for each in self._given(word) for name in each[0])
        return sorted(names)

    def _value(self, name: str) -> Formula:
        """What the value of that name must be; NEVER where it may not be there."""
        if name in self._forbidden or self._name_refused(name):
            return NEVER
        parts = [part for each, part in self._given("member") if each == name]
        parts += [part for pattern, part in self._given("matching") if matches(pattern, name)]
        for names, patterns, part in self._given("others"):
            if name not in names and not any(matches(each, name) for each in patterns):
                parts.append(part)
        return every(parts)

    def _name_refused(self, name: str) -> bool:
        return any(self._decider.takes(part, name) is False for (part,) in self._given("names"))

    def _proven_empty(self) -> bool:
        too_many = self._most is not None and (
            self._fewest > self._most or len(self._required) > self._most
        )
        return (
            too_many
            or any(self._nothing(self._value(name)) for name in self._required)
            or any(self._no_other(*each) for each in self._given("another"))
            or any(self._no_match(*each) for each in self._given("match"))
            or any(self._no_name(*each) for each in self._given("name"))
            or self._too_few()
        )

    def _nothing(self, formula: Formula) -> bool:
        return isinstance(self._decider.find(formula), Nothing)

    def _no_other(self, names: Any, patterns: Any, part: Formula) -> bool:
        """Neither a name that is spoken of nor any other can have such a value."""
        free = self._name_beside(names, patterns)
        if self._nothing(free):
            return True
        sure = [each for _, shut, each in self._given("others") if shut <= patterns]
        sure += [
            each
            for pattern, each in self._given("matching")
            if self._nothing(every((free, Constraint("pattern", (pattern,), holds=False))))
        ]
        if not self._nothing(every((*sure, part))):
            return False
        left = (
            each
            for each in self._known
            if each not in names and not any(matches(pattern, each) for pattern in patterns)
        )
        return all(self._nothing(every((self._value(each), part))) for each in left)

    def _names_are(self) -> list[Formula]:
        """What every name is: a string, and whatever is demanded of names."""
        return [STRINGS, *(part for (part,) in self._given("names"))]

    def _name_beside(self, names: Any, patterns: Any) -> Formula:
        """What a name must be that is none of those, and matches none of the patterns."""
        beside: list[Formula] = [Constraint("in", (Values(names),), holds=False)] if names else []
        beside += [Constraint("pattern", (each,), holds=False) for each in sorted(patterns)]
        return every((*self._names_are(), *beside))

    def _no_match(self, pattern: str, part: Formula) -> bool:
        sure = [each for other, each in self._given("matching") if other == pattern]
        if self._nothing(every((*sure, part))):
            return True
        sure += [each for _, shut, each in self._given("others") if not shut]
        fresh = every((self._name_beside(self._known, ()), Constraint("pattern", (pattern,))))
        if not self._nothing(every((*sure, part))) and not self._nothing(fresh):
            return False
        left = (each for each in self._known if matches(pattern, each) is not False)
        return all(self._nothing(every((self._value(each), part))) for each in left)

    def _no_name(self, part: Formula) -> bool:
        if self._nothing(every((*self._names_are(), part))):
            return True
        return any(self._all_refused(part, *each) for each in self._closed)

    def _all_refused(self, part: Formula, names: Any, patterns: Any) -> bool:
        """No name that is in the list, or matches one of the patterns, is as `part` wants it."""
        matching = (Constraint("pattern", (each,)) for each in sorted(patterns))
        return all(
            self._decider.takes(part, each) is False or self._nothing(self._value(each))
            for each in names
        ) and all(self._nothing(every((*self._names_are(), part, each))) for each in matching)

    def _too_few(self) -> bool:
        """A closed object has no more members than names that can have a value."""
        shut = [names for names, patterns in self._closed if not patterns]
        if not shut or not self._fewest:
            return False
        names = frozenset.intersection(*shut)
        return sum(not self._nothing(self._value(each)) for each in names) < self._fewest

    def _names(self, pattern: str | None = None) -> list[str]:
        fresh = [each for each in ("x", "y", "x-1", "other", "Z") if each not in self._known]
        patterns = [each for each, _ in self._given("matching")]
        patterns += [each for _, shut, _ in self._given("others") for each in shut]
        for each in dict.fromkeys(patterns if pattern is None else [pattern]):
            fresh += [*(common_words([each], [], 0, None) or ())][:3]
        found = self._known + fresh
        return [each for each in found if pattern is None or matches(pattern, each)]

    def _add_wanted(self, built: dict[str, Any]) -> bool:
        for names, patterns, part in self._given("another"):
            possible = [
                each
                for each in self._names()
                if each not in names and not any(matches(pattern, each) for pattern in patterns)
            ]
            if not self._add(built, possible, part):
                return False
        for pattern, part in self._given("match"):
            if not self._add(built, self._names(pattern), part):
                return False
        return all(self._add_named(built, part) for (part,) in self._given("name"))

    def _add_named(self, built: dict[str, Any], part: Formula) -> bool:
        found = self._decider.find(every((part, *self._names_are())))
        names = [each for each in self._names() if self._decider.takes(part, each)]
        names += [found.value] if isinstance(found, Found) else []
        return self._add(built, names, every(()))

    def _add(self, built: dict[str, Any], names: list[str], part: Formula) -> bool:
        if any(self._decider.takes(part, built[each]) for each in names if each in built):
            return True
        for name in names:
            found = self._decider.find(every((self._value(name), part)))
            if isinstance(found, Found):
                built[name] = found.value
                return True
        return False

    def _fill(self, built: dict[str, Any]) -> bool:
        names = [*self._names(), *(f"x{number}" for number in range(MOST_MEMBERS))]
        for name in names:
            if len(built) >= self._fewest:
                break
            if name not in built:
                self._add(built, [name], every(()))
        return len(built) >= self._fewest
