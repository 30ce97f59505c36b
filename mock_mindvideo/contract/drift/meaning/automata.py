"""Patterns as automata, which never go back: a match takes linear time, whatever the pattern."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mock_mindvideo.contract.drift.meaning.patterns import (
    HIGHEST,
    Alternatives,
    Characters,
    Edge,
    Ranges,
    Regex,
    Repeated,
    Sequence,
    Unreadable,
    read_pattern,
)

#: States of one automaton; a count such as {1,5000} would need more.
MOST_STATES = 1500
_ANYTHING: Ranges = ((0, HIGHEST),)


@dataclass(slots=True)
class Automaton:
    """Edges by state: over characters, free, at the text's start, at its end. 0 is the first."""

    over: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    at_start: list[list[int]] = field(default_factory=list)
    at_end: list[list[int]] = field(default_factory=list)
    last: int = 0

    def state(self) -> int:
        """A new state; raises Unreadable where there are too many."""
        if len(self.over) >= MOST_STATES:
            raise Unreadable("too large")
        for edges in (self.over, self.free, self.at_start, self.at_end):
            edges.append([])
        return len(self.over) - 1

    def closure(
        self, states: frozenset[int], start: bool = False, end: bool = False
    ) -> frozenset[int]:
        """What is reached without a character."""
        found, left = set(states), list(states)
        while left:
            each = left.pop()
            reached = [*self.free[each]]
            reached += self.at_start[each] if start else []
            reached += self.at_end[each] if end else []
            for other in reached:
                if other not in found:
                    found.add(other)
                    left.append(other)
        return frozenset(found)

    def step(self, states: frozenset[int], point: int) -> frozenset[int]:
        """What is reached over one character, free edges included."""
        reached = {
            other
            for each in states
            for ranges, other in self.over[each]
            if any(low <= point <= high for low, high in ranges)
        }
        return self.closure(frozenset(reached))

    def accepts(self, states: frozenset[int], empty: bool) -> bool:
        """Whether a text that ends here matches; `empty` where it has no character at all."""
        return self.last in self.closure(states, start=empty, end=True)


@lru_cache(maxsize=500)
def automaton(pattern: str) -> Automaton | None:
    """The automaton that looks for the pattern anywhere in a text, or None."""
    try:
        return _built(read_pattern(pattern))
    except (Unreadable, RecursionError):
        return None


def matches(pattern: str, text: str) -> bool | None:
    """Whether the pattern is found in the text; None for a pattern that is not read."""
    found = automaton(pattern)
    if found is None:
        return None
    states = found.closure(frozenset([0]), start=True)
    for letter in text:
        if found.last in states and not found.over[found.last]:
            return True
        states = found.step(states, ord(letter))
    return found.accepts(states, empty=not text)


def _built(pattern: Regex) -> Automaton:
    made = Automaton()
    first, inner = made.state(), made.state()
    made.over[first].append((_ANYTHING, first))
    made.free[first].append(inner)
    end = _add(made, pattern, inner)
    made.last = made.state()
    made.free[end].append(made.last)
    made.over[made.last].append((_ANYTHING, made.last))
    return made


def _add(made: Automaton, part: Any, start: int) -> int:
    """Lead from `start` over the part, to the state that is returned."""
    return _ADDERS[type(part)](made, part, start)


def _characters(made: Automaton, part: Characters, start: int) -> int:
    end = made.state()
    made.over[start].append((part.ranges, end))
    return end


def _edge(made: Automaton, part: Edge, start: int) -> int:
    end = made.state()
    (made.at_end if part.end else made.at_start)[start].append(end)
    return end


def _sequence(made: Automaton, part: Sequence, start: int) -> int:
    for each in part.parts:
        start = _add(made, each, start)
    return start


def _alternatives(made: Automaton, part: Alternatives, start: int) -> int:
    ends = [_add(made, each, _after(made, start)) for each in part.parts]
    end = made.state()
    for each in ends:
        made.free[each].append(end)
    return end


def _repeated(made: Automaton, part: Repeated, start: int) -> int:
    state = _after(made, start)
    for _ in range(part.least):
        state = _after(made, _add(made, part.part, state))
    end = _after(made, state)
    if part.most is None:
        made.free[_add(made, part.part, _after(made, state))].append(state)
        return end
    for _ in range(part.most - part.least):
        state = _add(made, part.part, _after(made, state))
        made.free[state].append(end)
    return end


def _after(made: Automaton, state: int) -> int:
    """A new state that is reached for free, so that loops stay among themselves."""
    new = made.state()
    made.free[state].append(new)
    return new


_ADDERS: Mapping[type, Callable[..., int]] = {
    Characters: _characters,
    Edge: _edge,
    Sequence: _sequence,
    Alternatives: _alternatives,
    Repeated: _repeated,
}


def boundaries(automata: list[Automaton]) -> Iterator[int]:
    """One code point of each set that no edge tells apart; readable ones where there are."""
    cuts = {0, HIGHEST + 1}
    for each in automata:
        for edges in each.over:
            for ranges, _ in edges:
                cuts.update(point for low, high in ranges for point in (low, high + 1))
    limits = sorted(cuts)
    for low, high in pairwise(limits):
        readable = (point for point in (97, 65, 49, 95, 45, 32) if low <= point < high)
        yield next(readable, max(low, min(33, high - 1)))
