"""What `Store` promises of a create: all of it or nothing, and one task for one key."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import (
    IdempotencyKeyReused,
    InsufficientCredit,
)
from mock_mindvideo.domain.instant import LAST
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.stores import Ground, Payload, Store

from .conftest import Opening
from .making import BRIEFLY, ENDED, OTHER, PAYLOAD, admitting, create, start, task

EARLY = ((VIRTUAL_START, "failed"),)
KEYS = st.none() | st.from_regex(r"[!-~]([ -~]{0,30}[!-~])?", fullmatch=True)


def refusing(ground: Ground) -> tuple[WorldState, Task]:
    raise InsufficientCredit("no")


def never(ground: Ground) -> tuple[WorldState, Task]:
    raise AssertionError(ground)


@BRIEFLY
@given(key=KEYS, slug=st.text(max_size=20), raw=st.binary(max_size=500), data=st.data())
def test_what_admit_decides_is_stored_whole(
    opening: Opening, key: str | None, slug: str, raw: bytes, data: st.DataObject
) -> None:
    payload = Payload(slug, raw)
    created_at = data.draw(st.integers(0, LAST))
    facts = {
        "created_at": created_at,
        "moves": data.draw(st.sampled_from([(), ((created_at, "failed"),)])),
        "outcome": data.draw(st.sampled_from(["succeeded", "failed", "cancelled", "stuck"])),
        "stays": (("queued", data.draw(st.integers(1, LAST))), ("processing", 0)),
        "error_message": data.draw(st.text(max_size=20)),
        "script": data.draw(st.none() | st.text(max_size=20)),
    }
    with opening() as store:
        created = create(store, start(), key, payload, **facts)
        assert created == task(1, payload, idempotency_key=key, **facts)
        assert store.task("default", created.id) == created


def test_the_task_and_the_changed_world_are_stored_together(store: Store) -> None:
    create(store, start(), change=lambda state: replace(state, committed=Decimal("0.6165")))
    assert store.world(start()).committed == Decimal("0.6165")


def test_what_admit_raises_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(InsufficientCredit):
        store.create(start(), "k", PAYLOAD, refusing)
    assert (list(store.tasks("default")), store.worlds()) == ([], ())


def test_a_refused_create_uses_up_neither_number_nor_key(store: Store) -> None:
    create(store, start(), "a")
    with pytest.raises(InsufficientCredit):
        store.create(start(), "k", PAYLOAD, refusing)
    assert create(store, start(), "k", OTHER).number == 2


def test_a_known_key_gives_its_task_without_asking_admit(store: Store) -> None:
    first = create(store, start(), "k")
    assert store.create(start(), "k", PAYLOAD, never) == (first, True)


def test_a_replay_gives_the_task_with_its_later_moves(store: Store) -> None:
    first = create(store, start(), "k")
    moved = store.move(start(), first.id, lambda task, _: task._replace(moves=EARLY))
    assert store.create(start(), "k", PAYLOAD, never) == (moved, True)


@pytest.mark.parametrize("payload", [OTHER, Payload("another-model", PAYLOAD.input)])
def test_a_known_key_with_another_payload_is_refused(store: Store, payload: Payload) -> None:
    first = create(store, start(), "k")
    with pytest.raises(IdempotencyKeyReused):
        store.create(start(), "k", payload, never)
    assert list(store.tasks("default")) == [first]


def test_two_worlds_can_use_the_same_key(store: Store) -> None:
    create(store, start("a"), "k")
    assert create(store, start("b"), "k", OTHER).number == 1


def test_without_a_key_every_create_makes_a_task(store: Store) -> None:
    assert [create(store, start()).number for _ in range(3)] == [1, 2, 3]


@BRIEFLY
@given(st.lists(st.sampled_from("ab!"), max_size=30))
def test_numbers_count_from_one_and_never_come_twice(opening: Opening, plan: list[str]) -> None:
    with opening() as store:
        expected = {"a": count(1), "b": count(1)}
        for name in plan:
            if name == "!":
                with pytest.raises(InsufficientCredit):
                    store.create(start("a"), None, PAYLOAD, refusing)
            else:
                assert create(store, start(name)).number == next(expected[name])


@BRIEFLY
@given(
    outcomes=st.lists(st.sampled_from(["succeeded", "failed", "cancelled", "stuck"]), max_size=8),
    since=st.integers(0, 9),
    now=st.sampled_from([VIRTUAL_START, ENDED - 1, ENDED, LAST]),
)
def test_refunds_are_what_ended_tasks_since_the_credit_was_set_gave_back(
    opening: Opening, outcomes: list[str], since: int, now: int
) -> None:
    def admit(ground: Ground) -> tuple[WorldState, Task]:
        seen.append(ground.refunded(now))
        return admitting()(ground)

    seen: list[Decimal] = []
    world = start(credit=Decimal(9), credit_from=since)
    with opening() as store:
        for outcome in outcomes:
            create(store, world, outcome=outcome)
        store.create(world, None, PAYLOAD, admit)
    counted = [outcome for number, outcome in enumerate(outcomes, 1) if number >= since]
    free = sum(outcome in ("failed", "cancelled") for outcome in counted) if now >= ENDED else 0
    assert seen[-1] == free * Decimal("0.6165")  # it may have been asked before
