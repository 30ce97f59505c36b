"""The table of states and moves, and what is looked up in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.errors import IllegalMove
from mock_mindvideo.domain.lifecycle import STUCK, Lifecycle
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import MemoryStore
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.worlds import Registry
from mock_mindvideo.worlds.tasks import MOVES, Service

from .making import LIFECYCLE, ROUTES

STATES = ("queued", "processing", "succeeded", "failed", "cancelled")
ENDS = ("succeeded", "failed", "cancelled")


@st.composite
def lifecycles(draw):
    """Any table over the documented states, cycles and dead ends included."""
    after = st.lists(st.sampled_from(STATES), unique=True).map(tuple)
    return Lifecycle(
        "queued", {state: draw(after) for state in STATES}, (), "succeeded", {}, "timeout"
    )


def test_the_states_are_the_five_documented_ones_in_their_order():
    assert LIFECYCLE.states == STATES


def test_a_task_begins_queued_and_waits_there_and_in_processing():
    assert LIFECYCLE.initial == "queued"
    assert LIFECYCLE.waiting == ("queued", "processing")


def test_an_ended_state_has_no_way_out():
    assert LIFECYCLE.terminal == ENDS
    assert [state for state in STATES if LIFECYCLE.ended(state)] == list(ENDS)


def test_a_script_may_end_a_task_in_each_terminal_state_or_not_at_all():
    assert LIFECYCLE.outcomes == (*ENDS, STUCK)


@pytest.mark.parametrize(("start", "goal"), ROUTES)
def test_a_route_is_the_shortest_way_without_its_start(start, goal):
    assert LIFECYCLE.route(start, goal) == ROUTES[start, goal]


@pytest.mark.parametrize(
    ("start", "goal"), [(a, b) for a in STATES for b in STATES if (a, b) not in ROUTES]
)
def test_where_no_way_leads_the_move_is_refused_by_name(start, goal):
    with pytest.raises(IllegalMove) as refused:
        LIFECYCLE.route(start, goal)

    assert str(refused.value) == f"a task that is {start} cannot become {goal}"
    assert (refused.value.status, refused.value.code) == (409, "illegal_move")


@given(lifecycles(), st.sampled_from(STATES), st.sampled_from(STATES))
def test_in_any_table_a_route_takes_legal_moves_only_and_none_is_shorter(lifecycle, start, goal):
    shortest = _distance(lifecycle, start, goal)
    if shortest is None:
        with pytest.raises(IllegalMove):
            lifecycle.route(start, goal)
        return

    route = lifecycle.route(start, goal)
    assert len(route) == shortest
    assert route[-1] == goal
    for before, after in zip((start, *route), route, strict=False):
        assert after in lifecycle.transitions[before]


def _distance(lifecycle, start, goal):
    """Moves from `start` to `goal`, at least one, by growing the set of what can be reached."""
    reachable = {start}
    for moves in range(1, len(STATES) + 1):
        reachable = {after for state in reachable for after in lifecycle.transitions[state]}
        if goal in reachable:
            return moves
    return None


@pytest.mark.parametrize("code", LIFECYCLE.errors)
def test_the_words_of_an_error_code_are_those_of_the_file(code):
    assert LIFECYCLE.error_message(code) == LIFECYCLE.errors[code]


def test_an_error_code_that_the_file_does_not_name_has_words_too():
    assert LIFECYCLE.error_message("out_of_film") == "The task failed with out_of_film."


@pytest.fixture
def service_and_world():
    catalog, clock = builtin_catalog(), FakeClock()
    store = MemoryStore(catalog.lifecycle, clock)
    worlds = Registry(store, clock, catalog.lifecycle, Settings(progress="manual", seed=7))
    yield Service(catalog, store), worlds.open("default")
    store.close()


@pytest.mark.parametrize("end", ["succeed", "fail", "cancel"])
@pytest.mark.parametrize("move", MOVES)
def test_an_illegal_move_changes_nothing(service_and_world, end, move):
    service, world = service_and_world
    body = {"model": "wan2-7-r2v", "input": builtin_catalog().model("wan2-7-r2v").example}
    task_id = service.submit(world, service.orders.order(body)).view.task.id
    before = service.steer(world, task_id, end, None, None), service.ledger(world)

    with pytest.raises(IllegalMove):
        service.steer(world, task_id, move, "timeout", "changed")

    assert (service.glance(world, task_id), service.ledger(world)) == before
