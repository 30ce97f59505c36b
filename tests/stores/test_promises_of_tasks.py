"""What `Store` promises of the tasks that it keeps: found, listed, moved."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import IllegalMove, TaskNotFound
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.stores import Store

from .conftest import Opening
from .making import BRIEFLY, PAYLOAD, admitting, change, create, start


@pytest.mark.parametrize("name", ["default", "nobody"])
def test_an_unknown_task_and_another_worlds_are_refused_alike(store: Store, name: str) -> None:
    mine = create(store, start("mine")).id
    for unknown in (mine, "task_unknown", "", "\x00", "é" * 1000):
        with pytest.raises(TaskNotFound, match="no task"):
            store.task(name, unknown)


@BRIEFLY
@given(total=st.integers(0, 12), newest=st.none() | st.integers(0, 15))
def test_tasks_come_in_the_order_of_their_numbers(
    opening: Opening, total: int, newest: int | None
) -> None:
    with opening() as store:
        made = [create(store, start()) for _ in range(total)]
        create(store, start("other"))
        assert list(store.tasks("default", newest)) == (
            made if newest is None else made[max(0, total - newest) :]
        )


@BRIEFLY
@given(st.lists(st.integers(0, 20), max_size=10), st.integers(0, 40))
def test_the_unfinished_are_those_that_end_later(
    opening: Opening, stays: list[int], now: int
) -> None:
    with opening() as store:
        for stay in stays:
            create(store, start(), stays=(("queued", stay), ("processing", 10)))
        left = tuple(store.unfinished("default", VIRTUAL_START + now))
    numbers = [number for number, stay in enumerate(stays, 1) if stay + 10 > now]
    assert [each.number for each in left] == numbers


def test_a_move_stores_what_decide_makes_of_the_task_and_the_world(store: Store) -> None:
    first = create(store, start(), "k")
    world = change(store, start(), lambda state: replace(state, speed=3.0))
    seen = []

    def decide(task: Task, state: WorldState) -> Task:
        seen.append((task, state))
        return task._replace(moves=((VIRTUAL_START, "cancelled"),))

    moved = store.move(start(), first.id, decide)
    assert seen == [(first, world)]
    assert moved == first._replace(moves=((VIRTUAL_START, "cancelled"),))
    assert store.task("default", first.id) == moved
    assert tuple(store.unfinished("default", VIRTUAL_START)) == ()


def test_a_move_that_is_refused_changes_nothing(store: Store) -> None:
    def decide(task: Task, state: WorldState) -> Task:
        raise IllegalMove("no")

    first = create(store, start())
    with pytest.raises(IllegalMove):
        store.move(start(), first.id, decide)
    assert store.task("default", first.id) == first


@pytest.mark.parametrize("name", ["default", "nobody"])
def test_only_a_task_of_the_world_can_be_moved(store: Store, name: str) -> None:
    mine = create(store, start("mine"))
    with pytest.raises(TaskNotFound):
        store.move(start(name), mine.id, lambda task, _: task._replace(outcome="failed"))
    assert store.task("mine", mine.id) == mine


def replayed(store: Store, idempotency_key: str) -> Task:
    """The task that a key has."""
    task, known = store.create(
        start(), idempotency_key, PAYLOAD, admitting(idempotency_key, PAYLOAD)
    )
    assert known
    return task


def test_a_key_that_is_let_go_belongs_to_the_next_task(store: Store) -> None:
    first = create(store, start(), "k")
    store.let_go(start(), "k", first.created_at - 1)
    assert store.has_idempotency_key("default", "k")
    for world, key in (("other", "k"), ("default", "none")):
        store.let_go(start(world), key, first.created_at)
    assert store.has_idempotency_key("default", "k")
    store.let_go(start(), "k", first.created_at)
    assert not store.has_idempotency_key("default", "k")
    second = create(store, start(), "k")
    assert second.id != first.id
    assert replayed(store, "k") == second
    assert [each.idempotency_key for each in store.tasks("default")] == [None, "k"]
    assert store.task("default", first.id) == first._replace(idempotency_key=None)


def test_a_key_that_two_let_go_at_once_is_not_taken_from_the_next_task(store: Store) -> None:
    first = create(store, start(), "k")
    store.let_go(start(), "k", first.created_at)
    second = create(store, start(), "k", created_at=first.created_at + 1)
    store.let_go(start(), "k", first.created_at)
    assert replayed(store, "k") == second
