"""The memory store within its bounds: who makes room, in which order, and when there is none."""

import gc
import sys
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.task import UNCOUNTED, Task
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Ground, MemoryStore, Payload
from mock_mindvideo.stores.rows import Rows
from mock_mindvideo.stores.world_tables import WorldTables
from mock_mindvideo.system.clock import FakeClock

from .making import (
    BRIEFLY,
    ENDED,
    LIFECYCLE,
    OTHER,
    PAYLOAD,
    admitting,
    change,
    create,
    key,
    start,
    task,
)

#: A world in which every task of the default plan has ended, and one in which none has.
LATER = start("later", anchor=ENDED)
NOW = start("now")


def store_of(clock: FakeClock | None = None, **bounds: int) -> MemoryStore:
    return MemoryStore(LIFECYCLE, clock or FakeClock(), Bounds(**bounds))


def numbers(store: MemoryStore, world: str) -> list[int]:
    return [each.number for each in store.tasks(world)]


@BRIEFLY
@given(st.lists(st.sampled_from(["succeeded", "stuck"]), min_size=1, max_size=40))
def test_ended_tasks_make_room_oldest_first_and_unfinished_ones_never(plan: list[str]) -> None:
    store, made, stuck = store_of(tasks=8), [], []
    for number, outcome in enumerate(plan, 1):
        if len(stuck) == 8:
            with pytest.raises(Unavailable, match="full of unfinished tasks"):
                create(store, LATER, outcome=outcome)
            break
        create(store, LATER, outcome=outcome)
        (stuck if outcome == "stuck" else made).append(number)
        kept = numbers(store, "later")
        ended = [each for each in kept if each in made]
        assert [each for each in kept if each in stuck] == stuck
        assert ended == made[len(made) - len(ended) :]
        assert len(kept) == min(8, number)
    assert store.counts()["dropped_tasks"] == len(made) + len(stuck) - len(kept)


def test_a_dropped_task_is_unknown_and_its_key_is_free() -> None:
    store = store_of(tasks=1)
    gone = create(store, LATER, "k")
    create(store, LATER)
    with pytest.raises(TaskNotFound):
        store.task("later", gone.id)
    assert create(store, LATER, "k", OTHER).number == 3


def test_a_full_world_answers_503_and_stores_nothing() -> None:
    store = store_of(tasks=2)
    before = [create(store, NOW, "a"), create(store, NOW, "b")]
    with pytest.raises(Unavailable) as refusal:
        create(store, NOW, "c", change=lambda state: start("now", seed=9))
    assert refusal.value.status == 503
    assert (list(store.tasks("now")), store.world(NOW).seed) == (before, 1)


def test_a_full_world_still_answers_replays() -> None:
    store = store_of(tasks=1)
    first = create(store, NOW, "a")
    assert store.create(NOW, "a", PAYLOAD, admitting("a")) == (first, True)


def test_a_full_world_has_room_again_once_a_task_ends() -> None:
    store = store_of(tasks=2)
    create(store, NOW)
    create(store, NOW)
    with pytest.raises(Unavailable):
        create(store, NOW)
    change(store, NOW, lambda state: state.at(ENDED, 0))
    assert create(store, NOW).number == 3


def test_a_full_world_has_room_again_once_a_task_is_cancelled() -> None:
    store = store_of(tasks=1)
    stuck = create(store, NOW, outcome="stuck")
    with pytest.raises(Unavailable):
        create(store, NOW)
    store.move(NOW, stuck.id, lambda task, _: task._replace(moves=((VIRTUAL_START, "cancelled"),)))
    assert create(store, NOW).number == 2


@BRIEFLY
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_the_tables_stay_within_their_bytes(sizes: Sequence[int]) -> None:
    """A task is counted with its input before, and with all of its row after it is stored."""
    store, row = store_of(task_bytes=20_000), 1000
    for size in sizes:
        create(store, LATER, payload=Payload("m", bytes(size)))
    kept = sum(len(each.input) for each in store.tasks("later"))
    assert kept <= 20_000 + row


def test_as_many_ended_tasks_go_as_a_large_one_needs() -> None:
    store = store_of(task_bytes=20_000)
    for _ in range(15):
        create(store, LATER)
    assert create(store, LATER, payload=Payload("m", bytes(10_000))).number == 16


def test_ended_tasks_of_a_busy_world_make_room_for_another_world() -> None:
    store = store_of(task_bytes=20_000)
    create(store, LATER, outcome="stuck")
    for _ in range(15):
        create(store, LATER)
    assert create(store, NOW, payload=Payload("m", bytes(5_000))).number == 1


def test_a_world_that_was_not_used_for_long_makes_room_before_ended_tasks_do() -> None:
    clock = FakeClock()
    store = store_of(clock, task_bytes=20_000, idle_seconds=60)
    create(store, start("idle", anchor=ENDED), payload=Payload("m", bytes(5_000)))
    clock.move(61)
    mine = create(store, LATER)
    create(store, LATER, payload=Payload("m", bytes(13_000)))
    assert {state.name for state in store.worlds()} == {"later"}
    assert mine in store.tasks("later")
    assert (store.counts()["dropped_worlds"], store.counts()["dropped_tasks"]) == (1, 0)


def test_of_many_small_worlds_the_longest_unused_makes_room_for_one_that_is_used() -> None:
    clock = FakeClock()
    store = store_of(clock, task_bytes=100_000)
    for number in range(60):
        clock.move(1)
        create(store, start(f"w{number}", anchor=ENDED), payload=Payload("m", bytes(2_000)))
    clock.move(1)
    mine = [create(store, LATER) for _ in range(3)]
    kept = {state.name for state in store.worlds()}
    assert list(store.tasks("later")) == mine
    assert kept == {"later", *(f"w{number}" for number in range(60 - len(kept) + 1, 60))}


#: Who submits next, and whether the task ever ends.
FLOOD = st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=60, max_size=120)


@BRIEFLY
@given(FLOOD, st.integers(1, 4), st.booleans())
def test_no_flood_takes_another_worlds_ended_tasks_as_far_as_its_fair_share_goes(
    flood: list[tuple[int, bool]], share: int, used: bool
) -> None:
    """Four worlds: whoever holds less than a quarter keeps all of it, used lately or not."""
    clock = FakeClock()
    store = store_of(clock, task_bytes=40_000)
    mine = [create(store, start("quiet", anchor=ENDED), f"k{n}") for n in range(2 * share)]
    for loud, ends in flood:
        clock.move(1)
        if used:
            store.world(start("quiet"))
        with suppress(Unavailable):
            outcome = "succeeded" if ends else "stuck"
            create(store, start(f"loud{loud}", anchor=ENDED), outcome=outcome)
    assert list(store.tasks("quiet")) == mine
    assert all(store.has_idempotency_key("quiet", f"k{n}") for n in range(2 * share))
    assert create(store, start("new")).number == 1


def test_a_world_full_of_tasks_that_never_end_is_refused_and_leaves_room_to_others() -> None:
    store = store_of(task_bytes=20_000)
    with suppress(Unavailable):
        for _ in range(100):
            create(store, NOW, outcome="stuck")
    with pytest.raises(Unavailable, match="full of unfinished tasks"):
        create(store, NOW)
    for number in range(30):
        assert create(store, LATER).number == number + 1


def test_large_tasks_make_no_more_room_than_is_needed() -> None:
    store = store_of(task_bytes=100_000)
    for _ in range(20):
        create(store, LATER, payload=Payload("m", bytes(10_000)))
    assert numbers(store, "later") == list(range(13, 21))


def test_what_a_world_was_furnished_with_outlives_all_its_tasks() -> None:
    store = store_of(task_bytes=20_000, tasks=8)
    furniture = task(UNCOUNTED)
    store.create(LATER, None, PAYLOAD, lambda ground: (ground.state, furniture))
    for _ in range(100):
        create(store, LATER)
    assert store.task("later", furniture.id) == furniture


def test_the_world_of_the_documented_key_stays_however_many_others_are_made() -> None:
    clock = FakeClock()
    store = store_of(clock, worlds=3, idle_seconds=60)
    create(store, start("default", anchor=ENDED))
    for number in range(20):
        clock.move(61)
        store.world(start(f"w{number}"))
    assert len(list(store.tasks("default"))) == 1


def test_worlds_in_which_nothing_was_done_go_before_those_with_tasks() -> None:
    clock = FakeClock()
    store = store_of(clock, worlds=3)
    mine = create(store, LATER)
    for number in range(20):
        clock.move(1)
        store.world(start(f"w{number}"))
    assert list(store.tasks("later")) == [mine]


def test_the_world_that_is_longest_unused_goes_first() -> None:
    clock = FakeClock()
    store = store_of(clock, worlds=3)
    for name in "abcad":
        clock.move(1)
        store.world(start(name))
    assert {state.name for state in store.worlds()} == {"a", "c", "d"}


def test_a_world_with_unfinished_tasks_goes_only_once_it_is_long_unused() -> None:
    clock = FakeClock()
    store = store_of(clock, worlds=1, idle_seconds=60)
    create(store, NOW)
    with pytest.raises(Unavailable, match="full of worlds"):
        store.world(start("b"))
    clock.move(61)
    assert store.world(start("b")) == start("b")


def test_the_keys_of_a_dropped_world_go_with_it() -> None:
    store = store_of(worlds=1)
    store.world(start("a"))
    store.add_key(key(1, "a"))
    store.world(start("b"))
    assert store.key(key(1).digest) is None


def test_a_refused_create_drops_no_world() -> None:
    def refusing(ground: Ground) -> tuple[WorldState, Task]:
        raise Unavailable("no")

    store = store_of(worlds=1)
    store.world(start("a"))
    with pytest.raises(Unavailable, match="no"):
        store.create(start("b"), None, PAYLOAD, refusing)
    assert {state.name for state in store.worlds()} == {"a"}


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="there every dict is tracked")
@BRIEFLY
@given(st.lists(st.tuples(st.binary(max_size=50), st.booleans()), min_size=1, max_size=30))
def test_the_tables_of_a_world_are_not_tracked_by_the_garbage_collector(
    plan: list[tuple[bytes, bool]],
) -> None:
    tables = WorldTables(start(), 0, Rows())
    for number, (raw, stuck) in enumerate(plan, 1):
        outcome = "stuck" if stuck else "succeeded"
        made = task(number, Payload("m", raw), idempotency_key=f"k{number}", outcome=outcome)
        tables.put(made, LIFECYCLE)
        tables.by_idempotency_key[f"k{number}"] = made.id
    tables.drop_ended(VIRTUAL_START + 10 * SECOND, 1 << 30)
    assert not gc.is_tracked(tables.rows)
    assert not gc.is_tracked(tables.by_idempotency_key)
    assert not any(gc.is_tracked(row) for row in tables.rows.values())
