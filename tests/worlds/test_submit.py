"""Submitting: one task for one key, refusals in their order, ids that a seed repeats."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import IdempotencyKeyReused, MockError

from .making import Mock, body

Break = Callable[[dict[str, Any]], None]

#: What can be wrong with an order, in the order in which it is looked for.
DEFECTS: Mapping[str, Break] = {
    "invalid_request": lambda order: order["body"].update(surplus=1),
    "unknown_model": lambda order: order["body"].update(model="none"),
    "invalid_input": lambda order: order["body"]["input"].update(duration=99),
    "invalid_idempotency_key": lambda order: order.update(idempotency_key=" "),
    "idempotency_key_reused": lambda order: order["body"]["input"].update(prompt="other"),
}


@given(st.sets(st.sampled_from(list(DEFECTS)), min_size=1))
def test_of_several_defects_the_first_is_told_and_nothing_is_stored(names: set[str]) -> None:
    mock = Mock()
    mock.submit(idempotency_key="used")
    order = {"body": {**body(), "input": dict(body()["input"])}, "idempotency_key": "used"}
    for name in names:
        DEFECTS[name](order)
    with pytest.raises(MockError) as refusal:
        mock.submit_body(**order)
    assert refusal.value.code == next(name for name in DEFECTS if name in names)
    assert len(mock.statuses()) == 1


@given(st.integers(2, 5))
def test_the_same_key_and_payload_is_one_task(times: int) -> None:
    mock = Mock()
    answers = [mock.submit(idempotency_key="k") for _ in range(times)]
    assert [answer.replayed for answer in answers] == [False] + [True] * (times - 1)
    assert all(answer.view == answers[0].view for answer in answers)


def test_a_replay_shows_the_task_as_it_is_now(mock: Mock) -> None:
    mock.submit(idempotency_key="k")
    mock.world().advance(2)
    assert mock.submit(idempotency_key="k").view.status == "processing"


def test_a_replay_moves_no_clock(mock: Mock) -> None:
    mock.world().run("polls")
    statuses = [mock.submit(idempotency_key="k").view.status for _ in range(3)]
    assert statuses == ["queued"] * 3


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"duration": 5}, {"duration": 5.0}, True),
        ({"duration": 5}, {}, False),
        ({"watermark": True}, {"watermark": False}, False),
        ({"video_urls": ["https://a/1", "https://a/2"]},) * 2 + (True,),
        (
            {"video_urls": ["https://a/1", "https://a/2"]},
            {"video_urls": ["https://a/2", "https://a/1"]},
            False,
        ),
    ],
)
def test_payloads_are_the_same_if_they_are_equal_as_json(
    mock: Mock, first: dict[str, Any], second: dict[str, Any], same: bool
) -> None:
    mock.submit(idempotency_key="k", **first)
    if same:
        assert mock.submit(idempotency_key="k", **second).replayed
    else:
        with pytest.raises(IdempotencyKeyReused):
            mock.submit(idempotency_key="k", **second)


def test_the_order_of_members_makes_no_difference(mock: Mock) -> None:
    mock.submit(idempotency_key="k", seed=1, size="1:1")
    assert mock.submit(idempotency_key="k", size="1:1", seed=1).replayed


@given(st.integers(), st.lists(st.sampled_from(["a", "b"]), max_size=6))
def test_a_seed_repeats_every_id_exactly(seed: int, names: list[str]) -> None:
    def ids() -> list[tuple[str, str]]:
        mock = Mock(settings={"seed": seed})
        made = [mock.submit(world=name).view.task for name in names]
        return [(task.id, task.request_id) for task in made]

    assert ids() == ids()
    assert len(set(ids())) == len(names)


@given(st.lists(st.sampled_from(["submit", "replay", "refused", "poll"]), max_size=8))
def test_ids_depend_on_nothing_but_the_tasks_made_before(plan: list[str]) -> None:
    mock, plain = Mock(), Mock()
    for step in plan:
        if step == "submit":
            assert mock.submit().view.task.id == plain.submit().view.task.id
        elif step == "replay":
            mock.submit(idempotency_key="k")
            plain.submit(idempotency_key="k")
        elif step == "poll":
            mock.world().advance(1)
        else:
            with pytest.raises(MockError):
                mock.submit(duration=99)
    assert mock.submit().view.task.id == plain.submit().view.task.id


@given(st.sets(st.integers(), min_size=2, max_size=5))
def test_other_seeds_give_other_ids(seeds: set[int]) -> None:
    ids = {Mock(settings={"seed": seed}).submit().view.task.id for seed in seeds}
    assert len(ids) == len(seeds)


def test_without_a_seed_ids_do_not_repeat() -> None:
    assert len({Mock(settings={}).submit().view.task.id for _ in range(5)}) == 5


def test_polls_jump_to_the_next_state(mock: Mock) -> None:
    mock.world().run("polls")
    task_id = mock.submit().view.task.id
    seen = [mock.service.task(mock.world(), task_id).status for _ in range(4)]
    assert seen == ["queued", "processing", "succeeded", "succeeded"]


def test_polling_one_task_moves_the_others_of_its_world_only(mock: Mock) -> None:
    for name in ("mine", "other"):
        mock.world(name).run("polls")
        mock.submit(world=name)
        mock.submit(world=name)
    polled = next(iter(mock.store.tasks("mine")))
    mock.service.task(mock.world("mine"), polled.id)
    assert mock.statuses("mine") == ["processing", "processing"]
    assert mock.statuses("other") == ["queued", "queued"]


def test_where_nothing_is_left_to_happen_a_poll_does_not_move_time(mock: Mock) -> None:
    mock.world().run("polls")
    task_id = mock.submit(script="outcome=stuck").view.task.id
    for _ in range(3):
        mock.service.task(mock.world(), task_id)
    now = mock.world().now()
    assert mock.service.task(mock.world(), task_id).status == "processing"
    assert mock.world().now() == now


@pytest.mark.parametrize("progress", ["time", "manual"])
def test_only_where_polls_drive_it_a_poll_moves_the_clock(mock: Mock, progress: str) -> None:
    mock.world().run(progress)
    task_id = mock.submit().view.task.id
    state = mock.world().state
    for _ in range(3):
        assert mock.service.task(mock.world(), task_id).status == "queued"
    assert mock.world().state == state


def test_a_glance_never_moves_the_clock(mock: Mock) -> None:
    mock.world().run("polls")
    task_id = mock.submit().view.task.id
    for _ in range(3):
        assert mock.service.glance(mock.world(), task_id).status == "queued"
