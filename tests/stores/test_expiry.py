"""Idle worlds expire, over every store: in time, never early, and never while something goes on."""

from collections.abc import Callable, Iterator

import pytest

from mock_mindvideo.domain.work import whole
from mock_mindvideo.stores import Store
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.worlds.expiry import Expiry

from ..worlds.making import CATALOG, Mock
from .conftest import Opening

TTL = 100.0


class Watched:
    """A process on a store, and what it notes."""

    def __init__(self, store: Store, clock: FakeClock, **settings: object) -> None:
        self.mock = Mock(clock, store=store, settings={"progress": "manual", "seed": 7} | settings)
        self.used: set[str] = set()
        self.held: set[str] = set()
        held: Callable[[str], bool] = lambda name: name in self.held  # noqa: E731
        self.expiry = Expiry(store, CATALOG.lifecycle, TTL, self.used, held)

    def use(self, world: str) -> None:
        self.used.add(world)

    def look(self) -> set[str]:
        return set(whole(self.expiry.look()))

    def worlds(self) -> set[str]:
        return {state.name for state in self.mock.store.worlds()}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(opening: Opening, clock: FakeClock) -> Iterator[Store]:
    with opening() as opened:
        opened.clock = clock
        yield opened


def pass_time(clock: FakeClock, seconds: float, *looking: Watched) -> set[str]:
    """Let real time pass, in which each process looks as often as it does; what was forgotten."""
    gone: set[str] = set()
    period = looking[0].expiry.period
    for _ in range(round(seconds / period)):
        clock.move(period)
        for each in looking:
            gone |= each.look()
    return gone


def test_a_world_expires_when_nothing_was_asked_of_it_for_so_long(
    store: Store, clock: FakeClock
) -> None:
    one = Watched(store, clock)
    for name in ("default", "idle", "busy"):
        one.mock.submit(idempotency_key="order", world=name)
        one.mock.world(name).advance(60)
        one.use(name)
    one.look()
    assert pass_time(clock, TTL, one) == set()
    one.use("busy")
    assert pass_time(clock, TTL / 2, one) == {"idle"}
    assert one.worlds() == {"default", "busy"}
    made = one.mock.submit(idempotency_key="order", world="idle")
    assert not made.replayed, "made anew, it knows nothing of before"


def test_what_another_process_saw_counts(store: Store, clock: FakeClock) -> None:
    one, other = Watched(store, clock), Watched(store, clock)
    one.mock.world("shared").change(lambda state: state)
    one.use("shared")
    for _ in range(30):
        other.use("shared")
        assert pass_time(clock, TTL / 10, one, other) == set()
    assert pass_time(clock, TTL * 1.5, one, other) == {"shared"}


def test_a_world_that_nobody_has_noted_is_used_when_it_is_first_seen(
    store: Store, clock: FakeClock
) -> None:
    one = Watched(store, clock)
    one.mock.submit(world="stored")
    clock.move(50 * TTL)
    assert one.look() == set()
    assert pass_time(clock, TTL * 1.5, one) == {"stored"}


def test_a_world_on_which_a_stream_is_open_stays(store: Store, clock: FakeClock) -> None:
    one = Watched(store, clock)
    one.mock.submit(world="watched")
    one.held.add("watched")
    assert pass_time(clock, TTL * 3, one) == set()
    one.held.clear()
    assert pass_time(clock, TTL * 1.5, one) == {"watched"}


def test_a_world_stays_until_its_tasks_have_ended_that_will_end_by_themselves(
    store: Store, clock: FakeClock
) -> None:
    one = Watched(store, clock, progress="time")
    one.mock.submit(world="long", script=f"processing={4 * TTL:.0f}")
    one.mock.submit(world="stuck", script="outcome=stuck")
    one.use("long")
    one.look()
    assert pass_time(clock, TTL * 2, one) == {"stuck"}
    assert pass_time(clock, TTL * 3, one) == {"long"}


def test_where_the_clock_stands_unfinished_tasks_keep_no_world(
    store: Store, clock: FakeClock
) -> None:
    one = Watched(store, clock)
    one.mock.submit(world="manual")
    one.use("manual")
    one.look()
    assert pass_time(clock, TTL * 1.5, one) == {"manual"}


@pytest.mark.parametrize("what", ["task", "world"])
def test_a_world_in_which_something_is_done_meanwhile_stays(
    store: Store, clock: FakeClock, what: str
) -> None:
    one = Watched(store, clock)
    one.mock.submit(world="raced")
    state, number = store.look(
        one.mock.world("raced").start, lambda ground: (ground.state, ground.number)
    )
    if what == "task":
        one.mock.submit(world="raced")
    else:
        one.mock.world("raced").advance(1)
    assert not store.forget_if(state, number)
    assert one.mock.statuses("raced")
    again, number = store.look(state, lambda ground: (ground.state, ground.number))
    assert store.forget_if(again, number)
    assert not one.mock.statuses("raced")
    assert not store.forget_if(again, number), "it is gone"


def test_what_was_noted_of_a_world_goes_with_it(store: Store, clock: FakeClock) -> None:
    one = Watched(store, clock)
    one.mock.submit(world="a")
    store.note_uses({"a": 5})
    assert store.last_uses() == {"a": 5}
    store.note_uses({"a": 7})
    assert store.last_uses() == {"a": 7}
    store.reset("a")
    assert store.last_uses() == {}
