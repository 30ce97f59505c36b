"""The journal in memory, whose entries share pages: what is read never shows where one ends."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from mock_mindvideo.domain.journal import act_note
from mock_mindvideo.stores.ring import Ring

from .making import BRIEFLY, note

#: Entries that a small journal has room for, more than share a page of it, and what is never full.
MOST, PAGE, PLENTY = 1024, 8, 4096

WORLDS = st.sampled_from("abc")


class RingMachine(RuleBasedStateMachine):
    """Beside it stands a plain list of everything that each world has ever been told."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = Ring(PLENTY, 10**9)
        self.number = self.dropped = 0
        self.told: dict[str, deque[tuple[int, int, bool]]] = {world: deque() for world in "abc"}

    @rule(world=WORLDS, count=st.integers(1, 5 * PAGE))
    def exchanges(self, world: str, count: int) -> None:
        for _ in range(count):
            self.number += 1
            self.ring.add(world, note(self.number))
            self.told[world].append((self.number, self.number, False))

    @rule(world=WORLDS)
    def act(self, world: str) -> None:
        self.number += 1
        self.ring.add(world, act_note(self.number, "clock", None, {}))
        self.told[world].append((self.number, self.number, True))

    @rule(world=WORLDS, newest=st.integers(0, 50))
    def read(self, world: str, newest: int) -> None:
        kept = [at for _, at, act in self.told[world] if not act]
        expected = kept[max(0, len(kept) - newest) :]
        assert [entry.at for entry in self.ring.of(world, newest)] == expected

    @rule(world=WORLDS, back=st.integers(0, 3 * PAGE), most=st.integers(1, 20))
    def go_on(self, world: str, back: int, most: int) -> None:
        for after in range(max(0, self.number - back), self.number + 1):
            page = self.ring.recorded(world, after, most)
            expected = [number for number, _, _ in self.told[world] if number > after][:most]
            assert [number for number, _ in page.entries] == expected
            assert page.last == (expected[-1] if len(expected) == most else self.number)

    @rule(world=WORLDS)
    def forget(self, world: str) -> None:
        self.ring.forget(world)
        self.told[world].clear()
        assert list(self.ring.of(world, PLENTY)) == []

    @rule()
    def count(self) -> None:
        told = sum(not act for rows in self.told.values() for _, _, act in rows)
        assert len(self.ring) == told
        assert self.ring.dropped == 0


TestRing = RingMachine.TestCase
TestRing.settings = BRIEFLY


@BRIEFLY
@given(st.lists(st.tuples(WORLDS, st.integers(1, 400)), min_size=8, max_size=16))
def test_a_full_journal_is_emptier_by_a_page_at_most_and_knows_what_is_gone(
    runs: list[tuple[str, int]],
) -> None:
    ring = Ring(MOST, 10**9)
    told: dict[str, list[int]] = {world: [] for world in "abc"}
    number = 0
    for world, count in runs:
        for _ in range(count):
            number += 1
            ring.add(world, note(number))
            told[world].append(number)
    kept = {world: [entry.at for entry in ring.of(world, MOST)] for world in told}
    assert min(number, MOST - PAGE) <= len(ring) <= MOST
    assert sum(map(len, kept.values())) == len(ring)
    assert ring.dropped + len(ring) == number
    for world, numbers in told.items():
        gone = ring.forgotten(world)
        assert kept[world] == numbers[gone:]
        last = numbers[gone - 1] if gone else 0
        for after in range(max(0, last - PAGE), last + PAGE):
            assert ring.recorded(world, after, MOST).lost is (after < last)
