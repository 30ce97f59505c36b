"""What `Store` promises of worlds, and of the notices of their changes."""

from dataclasses import replace
from decimal import Decimal
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores import Store

from .conftest import Opening
from .making import (
    BRIEFLY,
    ENDED,
    PAYLOAD,
    change,
    create,
    entry,
    key,
    note,
    put_file,
    size_of_file,
    start,
    worlds,
)


def spend(state: WorldState) -> WorldState:
    return replace(state, committed=state.committed + 1)


@BRIEFLY
@given(worlds("any"))
def test_a_world_that_is_new_starts_as_it_is_named(opening: Opening, state: WorldState) -> None:
    with opening() as store:
        assert store.world(state) == state
        assert store.worlds() == (state,)


@BRIEFLY
@given(worlds("any"), worlds("any"))
def test_a_world_that_exists_is_not_started_again(
    opening: Opening, first: WorldState, second: WorldState
) -> None:
    with opening() as store:
        store.world(first)
        assert store.world(second) == first
        create(store, second)
        assert store.world(second) == first


@BRIEFLY
@given(worlds("any"), worlds("any"))
def test_a_change_is_kept_and_returned(
    opening: Opening, before: WorldState, after: WorldState
) -> None:
    with opening() as store:
        seen: list[WorldState] = []
        assert change(store, before, lambda state: seen.append(state) or after) == after
        assert seen == [before]
        assert store.world(before) == after


@pytest.mark.parametrize("existing", [True, False])
def test_what_a_change_raises_undoes_it(store: Store, existing: bool) -> None:
    def failing(state: WorldState) -> WorldState:
        raise NotFound("no")

    before = (store.world(start()),) if existing else ()
    with pytest.raises(NotFound):
        change(store, start(), failing)
    assert store.worlds() == before


def test_a_change_returns_its_own_result_whatever_follows_at_once(store: Store) -> None:
    def overtake(_: str | None) -> None:
        stop()
        other = Thread(target=change, args=(store, start(), spend))
        other.start()
        other.join()

    stop = store.subscribe(overtake)
    assert change(store, start(), spend).committed == 1
    assert store.world(start()).committed == 2


def test_every_world_is_listed(store: Store) -> None:
    made = {store.world(start(name)) for name in "abc"}
    assert set(store.worlds()) == made


def test_a_reset_forgets_the_world_and_all_of_it(store: Store) -> None:
    changed = change(store, start("gone"), spend)
    old = create(store, changed, "k")
    store.add_key(key(1, "gone"))
    put_file(store, "gone", "a")
    store.record("gone", note(1))
    store.reset("gone")
    assert store.worlds() == ()
    assert list(store.tasks("gone")) == []
    assert tuple(store.unfinished("gone", 0)) == ()
    assert (store.key(key(1).digest), store.keys("gone")) == (None, ())
    assert size_of_file(store, "gone", "a") is None
    assert store.journal("gone", 10) == ()
    assert store.world(start("gone")) == start("gone")
    assert create(store, start("gone"), "k").id == old.id


def test_a_reset_leaves_other_worlds_alone(store: Store) -> None:
    mine, mine_key = create(store, start("mine"), "k"), key(1, "mine")
    store.add_key(mine_key)
    put_file(store, "mine", "a")
    store.record("mine", note(1))
    store.world(start("gone"))
    store.reset("gone")
    assert store.worlds() == (start("mine"),)
    assert store.create(start("mine"), "k", PAYLOAD, lambda ground: 1 / 0) == (mine, True)
    assert store.key(mine_key.digest) == mine_key
    assert size_of_file(store, "mine", "a") == 10
    assert store.journal("mine", 10) == (entry(1),)


def test_a_reset_of_no_world_does_nothing(store: Store) -> None:
    store.world(start())
    store.reset("nobody")
    assert store.worlds() == (start(),)


def test_subscribers_hear_of_each_world_that_was_moved(store: Store) -> None:
    heard: list[str | None] = []
    made = create(store, start("a"))
    store.world(start("b"))
    store.subscribe(heard.append)
    store.move(start("a"), made.id, lambda task, _: task)
    change(store, start("b"), spend)
    store.reset("a")
    assert heard == ["a", "b", "a"]


def test_nobody_hears_of_what_was_refused_or_only_read(store: Store) -> None:
    def failing(state: WorldState) -> WorldState:
        raise NotFound("no")

    heard: list[str | None] = []
    made = create(store, start())
    store.subscribe(heard.append)
    with pytest.raises(NotFound):
        change(store, start(), failing)
    store.task("default", made.id)
    store.world(start())
    store.poll()
    assert heard == []


def test_nobody_hears_of_a_world_that_came_out_of_a_change_as_it_went_in(store: Store) -> None:
    heard: list[str | None] = []
    store.world(start())
    store.subscribe(heard.append)
    assert store.change(start(), lambda ground: (replace(ground.state), "told")) == "told"
    assert store.look(start(), lambda ground: ground.number) == 1
    assert heard == []


def test_nobody_hears_of_a_change_of_all_worlds_that_changes_none(store: Store) -> None:
    heard: list[str | None] = []
    store.world(start("a"))
    store.subscribe(heard.append)
    store.change_all(replace)
    assert heard == []
    store.change_all(lambda state: replace(state, speed=2.0))
    assert heard == [None]


def test_a_look_sees_what_tasks_gave_back(store: Store) -> None:
    credited = start(credit=Decimal(9))
    create(store, credited, outcome="failed")
    assert store.look(credited, lambda ground: ground.refunded(ENDED)) == Decimal("0.6165")
    assert store.look(credited, lambda ground: ground.refunded(ENDED - 1)) == 0


def test_each_subscription_ends_by_itself(store: Store) -> None:
    first: list[str | None] = []
    second: list[str | None] = []
    end = store.subscribe(first.append)
    store.subscribe(second.append)
    end()
    end()
    change(store, start(), spend)
    assert (first, second) == ([], ["default"])


@BRIEFLY
@given(st.lists(st.sampled_from(["change", "raise"]), max_size=20))
def test_changes_add_up_exactly(opening: Opening, plan: list[str]) -> None:
    def pay(state: WorldState) -> WorldState:
        return replace(state, committed=state.committed + Decimal("0.1"))

    with opening() as store:
        for step in plan:
            if step == "change":
                change(store, start(), pay)
            else:
                with pytest.raises(ZeroDivisionError):
                    change(store, start(), lambda state: replace(state, speed=1 / 0))
        assert store.world(start()).committed == plan.count("change") * Decimal("0.1")
