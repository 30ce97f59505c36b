"""What every store keeps for the next process and shows to others, whatever it keeps it in.

`again` opens the same place once more, as another process would.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Store

from ..system.machines import FakeMachine
from .making import PAYLOAD, change, create, entry, key, note, put_file, size_of_file, start

Again = Callable[..., AbstractContextManager[Store]]


def lived(state: WorldState) -> WorldState:
    """After some life: credit spent, clock moved, a script added."""
    state = replace(state, credit=Decimal("1.50"), credit_from=2, committed=Decimal("0.6165"))
    return state.at(VIRTUAL_START + 7, 0).scripting(parse("outcome=failed; times=2"), "control")


def assert_everything_is_kept(again: Again) -> None:
    with again() as store:
        made = [create(store, start(), "k"), create(store, start(), outcome="stuck")]
        state = change(store, start(), lived)
        store.add_key(key(1, disabled=True))
        store.add_key(key(2, deleted=True))
        put_file(store, "default", "a")
        store.record("default", note(1))
    with again() as store:
        assert list(store.tasks("default")) == made
        assert store.create(start(), "k", PAYLOAD, lambda ground: 1 / 0) == (made[0], True)
        assert store.worlds() == (state,)
        assert store.keys("default") == (key(1, disabled=True), key(2, deleted=True))
        assert size_of_file(store, "default", "a") == 10
        assert store.journal("default", 10) == (entry(1),)
        assert create(store, start()).number == 3


def assert_counts_of_what_was_dropped_are_kept(again: Again) -> None:
    bounds = Bounds(uploads=15, journal_entries=2)
    with again(bounds) as store:
        for number in range(5):
            put_file(store, "w", str(number))
            store.record("w", note(number))
    with again(bounds) as store:
        counts = store.counts()
    assert (counts["dropped_uploads"], counts["dropped_journal"]) == (4, 3)


def assert_streams_and_deliveries_are_those_of_all(again: Again, machine: FakeMachine) -> None:
    """`machine` is the one whose clock the stores go by."""
    first, second = Delivery("w", "task_1", "req_1", 1), Delivery("w", "task_1", "req_2", 1)
    with again() as store, again() as other:
        store.streaming(2)
        other.streaming(3)
        store.deliver(first)
        store.flush()
        other.deliver(second)
        other.flush()
        for each in (store, other):
            assert each.counts()["streams"] == 5
            assert each.deliveries("w", 10) == (first, second)
        machine.pass_(2)
        other.flush()
        machine.pass_(2)
        assert store.counts()["streams"] == 5
        assert other.counts()["streams"] == 3, "a process that says nothing more is dead"
