"""A world's time: what moves it, what falls due, and what a restart makes of it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.instant import LAST, SECOND
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.world import PROGRESSES, VIRTUAL_START, WorldState

from .making import PRICE, Mock

SECONDS = st.integers(0, 10**9).map(lambda number: number / 1000)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "progress": st.sampled_from(PROGRESSES),
        "speed": st.floats(min_value=0.001, max_value=1000),
        "seed": st.integers(),
    },
)


@given(st.sampled_from(["polls", "manual"]), SECONDS)
def test_a_virtual_clock_stands_while_real_time_passes(progress: str, seconds: float) -> None:
    mock = Mock(settings={"progress": progress})
    assert mock.world().now() == VIRTUAL_START
    mock.clock.move(seconds)
    assert mock.world().now() == VIRTUAL_START


@given(st.sampled_from([1, 2, 60, 1000]), st.integers(0, 10**6))
def test_a_real_clock_runs_at_its_speed(speed: int, seconds: int) -> None:
    mock = Mock(settings={"progress": "time", "speed": float(speed)})
    before = mock.world().now()
    mock.clock.move(seconds)
    assert mock.world().now() - before == seconds * speed * SECOND


@given(st.integers(0, LAST * 2))
def test_a_jump_never_goes_back_nor_beyond_the_calendar(at: int) -> None:
    world = Mock().world()
    world.jump(at)
    assert world.now() == min(LAST, max(VIRTUAL_START, at))


@given(st.lists(SECONDS, max_size=5))
def test_advances_add_up(steps: list[float]) -> None:
    world = Mock().world()
    for step in steps:
        world.advance(step)
    assert world.now() == VIRTUAL_START + sum(round(step * SECOND) for step in steps)


@given(
    stays=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6),
    steps=st.lists(st.integers(0, 12), min_size=1, max_size=4),
)
def test_an_advance_returns_each_transition_once_in_the_order_of_time(
    stays: list[tuple[int, int]], steps: list[int]
) -> None:
    mock, expected, before = Mock(), [], 0
    for queued, processing in stays:
        task = mock.submit(script=f"queued={queued}; processing={processing}").view.task
        expected.append((queued, task.number, "processing"))
        expected.append((queued + processing, task.number, "succeeded"))
    for step in steps:
        fired = [
            ((each.at - VIRTUAL_START) // SECOND, task.number, each.status)
            for task, each in mock.world().advance(step)
        ]
        due = [each for each in expected if before < each[0] <= before + step]
        assert sorted(fired) == sorted(due)
        assert [each[0] for each in fired] == sorted(each[0] for each in due)
        before += step


@given(st.sampled_from([None, *PROGRESSES]), st.none() | st.floats(min_value=0.001, max_value=1e6))
def test_a_change_of_progress_or_speed_leaves_the_moment(
    progress: str | None, speed: float | None
) -> None:
    mock = Mock(settings={"progress": "time"})
    mock.clock.move(7)
    before = mock.world().now()
    state = mock.world().run(progress, speed)
    assert mock.world().now() == before
    assert (state.progress, state.speed) == (progress or "time", speed or 1.0)


@given(before=GIVEN, given=GIVEN, seconds=SECONDS, away=SECONDS)
def test_flags_that_are_given_override_a_stored_world_and_its_time_never_goes_back(
    before: dict[str, object], given: dict[str, object], seconds: float, away: float
) -> None:
    mock = Mock(settings=before)
    mock.world().advance(seconds)
    old, now = mock.world().state, mock.world().now()
    mock.clock.move(away)
    new = mock.again(**given).world().state
    kept = {name: getattr(old, name) for name in ("progress", "speed", "seed")} | given
    assert {name: getattr(new, name) for name in kept} == kept
    assert new.now(mock.clock.real()) >= now


def test_a_restart_with_no_flags_changes_nothing_but_the_scripts_of_the_file(mock: Mock) -> None:
    mock.world().advance(3)
    mock.world().set_credit(Decimal(9))
    mock.submit()
    before = mock.world().state
    assert mock.again().world().state == before


def texts(state: WorldState) -> list[tuple[str, str]]:
    return [(script.origin, script.text) for script in state.scripts]


def test_a_restart_replaces_the_scripts_of_the_file_and_no_others() -> None:
    mock = Mock(file_scripts=["outcome=stuck"])
    mock.world().add_script(parse("outcome=failed"), "control", 10)
    after = mock.again(file_scripts=["outcome=cancelled"]).world().state
    assert texts(after) == [("control", "outcome=failed"), ("file", "outcome=cancelled")]


def test_a_reset_makes_the_world_anew(mock: Mock) -> None:
    start = mock.world("mine").state
    mock.world("mine").advance(100)
    mock.world("mine").set_credit(Decimal(PRICE))
    mock.world("mine").add_script(parse("outcome=failed"), "control", 10)
    first = mock.submit(world="mine").view.task
    mock.worlds.reset("mine")
    assert mock.world("mine").state == start
    assert mock.submit(world="mine").view.task.id == first.id


def test_a_reset_without_a_seed_gives_other_ids() -> None:
    mock = Mock(settings={"progress": "manual"})
    first = mock.submit().view.task
    mock.worlds.reset("default")
    assert mock.submit().view.task.id != first.id
