"""Moves from the control plane: legal ones through the states between, illegal ones not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import IllegalMove, NotFound, TaskNotFound
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.world import VIRTUAL_START
from mock_mindvideo.worlds.tasks import MOVES

from .making import CATALOG, Mock

WORDS = st.sampled_from(sorted(MOVES))


@given(st.lists(WORDS | st.integers(0, 12), max_size=6))
def test_moves_follow_the_table_and_illegal_ones_change_nothing(plan: list[str | int]) -> None:
    mock = Mock()
    task_id = mock.submit().view.task.id
    for step in plan:
        before = mock.service.glance(mock.world(), task_id)
        if isinstance(step, int):
            mock.world().advance(step)
            after = mock.service.glance(mock.world(), task_id)
            assert after.steps[: len(before.steps)] == before.steps
            continue
        goal = MOVES[step]
        try:
            way = CATALOG.lifecycle.route(before.status, goal)
        except IllegalMove:
            with pytest.raises(IllegalMove, match=f"is {before.status} cannot become {goal}"):
                mock.service.steer(mock.world(), task_id, step, None, None)
            assert mock.service.glance(mock.world(), task_id) == before
        else:
            after = mock.service.steer(mock.world(), task_id, step, None, None)
            added = after.steps[len(before.steps) :]
            assert tuple(each.status for each in added) == way
            assert {each.at for each in added} == {mock.world().now()}
            assert after.steps[: len(before.steps)] == before.steps


@pytest.mark.parametrize("outcome", ["failed", "cancelled", "stuck"])
def test_a_move_overrides_the_plan(mock: Mock, outcome: str) -> None:
    task_id = mock.submit(script=f"outcome={outcome}").view.task.id
    mock.service.steer(mock.world(), task_id, "succeed", None, None)
    mock.world().advance(1000)
    assert mock.statuses() == ["succeeded"]


def test_a_started_task_goes_on_with_its_plan_from_then(mock: Mock) -> None:
    task_id = mock.submit(script="queued=1000; processing=3").view.task.id
    mock.world().advance(1)
    view = mock.service.steer(mock.world(), task_id, "start", None, None)
    assert view.due == VIRTUAL_START + 4 * SECOND
    mock.world().advance(3)
    assert mock.statuses() == ["succeeded"]


@given(st.none() | st.sampled_from(["content_policy", "made_up"]), st.none() | st.just("no"))
def test_a_failure_carries_its_code_and_words(code: str | None, message: str | None) -> None:
    mock, lifecycle = Mock(), CATALOG.lifecycle
    task_id = mock.submit().view.task.id
    task = mock.service.steer(mock.world(), task_id, "fail", code, message).task
    expected = code or lifecycle.error
    assert task.error_code == expected
    assert task.error_message == (message or lifecycle.error_message(expected))


@given(st.text(max_size=70).filter(lambda word: word not in MOVES))
def test_another_word_is_not_found_and_told_what_there_is(word: str) -> None:
    mock = Mock()
    task_id = mock.submit().view.task.id
    with pytest.raises(NotFound, match="there are start, succeed, fail, cancel"):
        mock.service.steer(mock.world(), task_id, word, None, None)
    assert mock.statuses() == ["queued"]


@pytest.mark.parametrize("move", sorted(MOVES))
def test_another_worlds_task_cannot_be_moved(mock: Mock, move: str) -> None:
    task_id = mock.submit(world="mine").view.task.id
    with pytest.raises(TaskNotFound):
        mock.service.steer(mock.world("other"), task_id, move, None, None)
    assert mock.statuses("mine") == ["queued"]


def test_a_move_is_kept_by_a_restart(mock: Mock) -> None:
    task_id = mock.submit().view.task.id
    before = mock.service.steer(mock.world(), task_id, "cancel", None, None)
    again = mock.again()
    assert again.service.glance(again.world(), task_id) == before
