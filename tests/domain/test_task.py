"""A task's timeline: what it enters when, derived from facts, against a plain simulation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import IllegalMove
from mock_mindvideo.domain.instant import LAST, SECOND
from mock_mindvideo.domain.task import Transition, reached, timeline
from mock_mindvideo.domain.world import VIRTUAL_START

from .making import LIFECYCLE, ROUTES, instants, make_task, planned, tasks, waits


def simulate(task):
    """Step by step: at each moment the plan goes on, unless a move comes first."""
    entered, moves = [(task.created_at, "queued")], list(task.moves)
    following = {"queued": "processing", "processing": task.outcome}
    while True:
        at, status = entered[-1]
        due = at + dict(task.stays)[status] if status in following else None
        if status in following and following[status] == "stuck":
            due = None
        if due is not None and (not moves or due <= moves[0][0]):
            entered.append((due, following[status]))
        elif moves:
            moved, goal = moves.pop(0)
            entered += [(moved, step) for step in ROUTES[status, goal]]
        else:
            return entered


@given(tasks())
def test_a_timeline_is_what_a_simulation_of_plan_and_moves_gives(task):
    assert list(timeline(task, LIFECYCLE)) == simulate(task)


@given(tasks())
def test_a_timeline_begins_where_the_task_was_created_and_never_goes_back(task):
    steps = timeline(task, LIFECYCLE)

    assert steps[0] == Transition(task.created_at, "queued")
    assert [step.at for step in steps] == sorted(step.at for step in steps)


@given(tasks())
def test_every_transition_of_a_timeline_is_one_of_the_table(task):
    steps = timeline(task, LIFECYCLE)

    for before, after in pairwise(steps):
        assert after.status in LIFECYCLE.transitions[before.status]


@given(tasks())
def test_a_terminal_state_is_the_last_one_whatever_was_planned(task):
    *waiting, last = timeline(task, LIFECYCLE)

    assert all(not LIFECYCLE.ended(step.status) for step in waiting)
    assert LIFECYCLE.ended(last.status) or task.outcome == "stuck"


@given(tasks(), st.lists(instants, min_size=2, max_size=8))
def test_the_status_derived_from_now_never_goes_back(task, moments):
    steps = timeline(task, LIFECYCLE)
    seen = [reached(steps, now) for now in sorted(moments)]

    for earlier, later in pairwise(seen):
        assert later[: len(earlier)] == earlier


@given(tasks(), instants)
def test_the_reached_transitions_are_exactly_those_up_to_now(task, now):
    steps = timeline(task, LIFECYCLE)
    so_far = reached(steps, now)

    happened = tuple(step for step in steps if step.at <= now)
    assert so_far == (happened if now >= task.created_at else steps[:1])


@given(planned(), waits, st.sampled_from(["processing", "succeeded", "failed", "cancelled"]))
def test_a_move_overrides_the_plan_and_leaves_the_past_alone(task, wait, goal):
    moment = task.created_at + wait
    before = reached(timeline(task, LIFECYCLE), moment)
    moved = task._replace(moves=((moment, goal),))
    if (before[-1].status, goal) not in ROUTES:
        with pytest.raises(IllegalMove):
            timeline(moved, LIFECYCLE)
        return

    after = timeline(moved, LIFECYCLE)
    route = ROUTES[before[-1].status, goal]
    assert after[: len(before)] == before
    assert after[len(before) :][: len(route)] == tuple(Transition(moment, step) for step in route)


def test_a_task_that_was_started_early_then_takes_its_full_time():
    started = make_task(moves=((VIRTUAL_START + SECOND, "processing"),))

    assert timeline(started, LIFECYCLE)[-1] == (VIRTUAL_START + 9 * SECOND, "succeeded")


def test_the_default_plan_is_queued_2_s_and_processing_8_s():
    assert timeline(make_task(), LIFECYCLE) == (
        (VIRTUAL_START, "queued"),
        (VIRTUAL_START + 2 * SECOND, "processing"),
        (VIRTUAL_START + 10 * SECOND, "succeeded"),
    )


@given(planned())
def test_a_stuck_task_stays_processing_to_the_end_of_time(task):
    steps = timeline(task._replace(outcome="stuck"), LIFECYCLE)

    assert [step.status for step in steps] == ["queued", "processing"]
    assert reached(steps, LAST)[-1].status == "processing"


@given(planned(), st.sampled_from(["succeeded", "failed", "cancelled"]))
def test_a_stuck_task_can_still_be_moved(task, goal):
    moment = task.created_at + 100 * SECOND
    moved = task._replace(outcome="stuck", moves=((moment, goal),))

    assert timeline(moved, LIFECYCLE)[-1] == (moment, goal)


def test_what_is_planned_after_the_end_of_the_calendar_never_happens():
    late = make_task(created_at=LAST - SECOND)

    assert timeline(late, LIFECYCLE) == ((LAST - SECOND, "queued"),)


@given(tasks(), st.sampled_from(LIFECYCLE.states))
def test_a_task_costs_its_estimate_where_it_is_charged_and_nothing_elsewhere(task, status):
    charged = status in task.charge_on.split(" ")

    assert str(task.cost(status)) == (task.estimate if charged else "0")
