"""Words that some patterns match and others do not: the shortest, or a proof."""

from collections.abc import Sequence

from mock_mindvideo.contract.drift.meaning.automata import Automaton, automaton, boundaries

#: States of all automata together that are visited.
MOST_VISITED = 3000
MOST_WORDS = 3

LanguageState = tuple[frozenset[int], ...]


def common_words(
    yes: Sequence[str], no: Sequence[str], low: int, high: int | None
) -> tuple[str, ...] | None:
    """Words of `low` to `high` characters that match all of `yes` and none of `no`.

    Without one, there is none. None where that cannot be told.
    """
    read = [automaton(each) for each in (*yes, *no)]
    known = [each for each in read if each is not None]
    if not known or len(known) < len(read):
        return None
    return _Search(known, len(yes), low, high).words()


class _Search:
    def __init__(self, automata: list[Automaton], yes: int, low: int, high: int | None) -> None:
        self._automata = automata
        self._yes = yes
        self._low = low
        self._high = high
        self._points = list(dict.fromkeys(boundaries(automata)))

    def words(self) -> tuple[str, ...] | None:
        """Breadth first, so that the shortest words come first."""
        level = {self._first(): ""}
        seen = {(state, 0) for state in level}
        found: list[str] = []
        length = 0
        while level and (self._high is None or length <= self._high):
            if length >= self._low:
                found += [word for state, word in level.items() if self._accepts(state, not word)]
                if len(found) >= MOST_WORDS:
                    break
            if len(seen) > MOST_VISITED:
                return tuple(found) or None
            length += 1
            level = self._next(level, seen, min(length, self._low))
        return tuple(found[:MOST_WORDS])

    def _first(self) -> LanguageState:
        return tuple(each.closure(frozenset([0]), start=True) for each in self._automata)

    def _next(
        self, level: dict[LanguageState, str], seen: set[tuple[LanguageState, int]], counted: int
    ) -> dict[LanguageState, str]:
        found: dict[LanguageState, str] = {}
        for state, word in level.items():
            for point in self._points:
                pairs = zip(self._automata, state, strict=True)
                other = tuple(each.step(states, point) for each, states in pairs)
                if (other, counted) not in seen:
                    seen.add((other, counted))
                    found[other] = word + chr(point)
        return found

    def _accepts(self, state: LanguageState, empty: bool) -> bool:
        pairs = zip(self._automata, state, strict=True)
        verdicts = [each.accepts(states, empty) for each, states in pairs]
        return all(verdicts[: self._yes]) and not any(verdicts[self._yes :])
