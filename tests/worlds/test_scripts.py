"""Which script decides on a task, and how often it may."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.script import ScriptError, parse

from .making import Mock

#: The triggers from the strongest to the weakest, each with an error code that tells it apart.
TRIGGERS = ("header", "magic", "fixture", "control", "file")
MAGIC = "https://fail-timeout.mock.invalid/v.mp4"


def told(trigger: str) -> str:
    return "timeout" if trigger == "magic" else trigger


def script(trigger: str) -> str:
    return f"outcome=failed; error={trigger}"


@given(st.sets(st.sampled_from(TRIGGERS)), st.randoms(use_true_random=False))
def test_of_several_triggers_the_strongest_decides(
    triggers: set[str], random: "st.randoms"
) -> None:
    mock = Mock(file_scripts=[script("file")] if "file" in triggers else ())
    stored = [each for each in ("fixture", "control") if each in triggers]
    random.shuffle(stored)
    for each in stored:
        mock.world().add_script(parse(script(each)), each, 10)
    urls = [MAGIC if "magic" in triggers else "https://a.example/v.mp4"]
    header = script("header") if "header" in triggers else None
    task = mock.submit(script=header, video_urls=urls).view.task
    winner = next((each for each in TRIGGERS if each in triggers), None)
    expected = ("failed", told(winner)) if winner else ("succeeded", "generation_failed")
    assert (task.outcome, task.error_code) == expected


def test_without_magic_a_magic_url_is_a_url() -> None:
    mock = Mock(magic=False)
    assert mock.submit(video_urls=[MAGIC]).view.task.outcome == "succeeded"


def test_of_scripts_with_equal_triggers_the_first_decides(mock: Mock) -> None:
    for error in ("one", "two"):
        mock.world().add_script(parse(script(error)), "control", 10)
    assert mock.submit().view.task.error_code == "one"


@given(times=st.none() | st.integers(0, 4), skip=st.integers(0, 4), asked=st.integers(0, 10))
def test_a_script_skips_its_first_requests_and_fires_a_number_of_times(
    times: int | None, skip: int, asked: int
) -> None:
    mock = Mock()
    counts = f"; skip={skip}" + ("" if times is None else f"; times={times}")
    mock.world().add_script(parse(f"outcome=failed{counts}"), "control", 10)
    outcomes = [mock.submit().view.task.outcome == "failed" for _ in range(asked)]
    last = asked if times is None else skip + times
    assert outcomes == [skip <= number < last for number in range(asked)]


def outcomes(seed: int, probability: str, asked: int) -> list[str]:
    mock = Mock(settings={"seed": seed})
    mock.world().add_script(parse(f"outcome=failed; probability={probability}"), "control", 10)
    return [mock.submit().view.task.outcome for _ in range(asked)]


@given(st.integers(), st.sampled_from(["0", "0.2", "0.9", "1"]))
def test_a_seed_repeats_chances_exactly(seed: int, probability: str) -> None:
    assert outcomes(seed, probability, 10) == outcomes(seed, probability, 10)


@given(st.integers(), st.sampled_from([("0", 0), ("1", 20)]))
def test_no_chance_never_fires_and_full_chance_always(seed: int, case: tuple[str, int]) -> None:
    assert outcomes(seed, case[0], 20).count("failed") == case[1]


@pytest.mark.parametrize("seed", range(5))
def test_a_chance_fires_about_as_often_as_it_says(seed: int) -> None:
    assert 0.15 < outcomes(seed, "0.2", 1000).count("failed") / 1000 < 0.25


@pytest.mark.parametrize("given", ["method=POST", "path=/api/v1/tasks", "path=/api/*/t*s"])
def test_a_script_is_for_its_method_and_path(mock: Mock, given: str) -> None:
    mock.world().add_script(parse(f"outcome=failed; {given}"), "control", 10)
    assert mock.submit().view.task.outcome == "failed"
    assert mock.world().state.scripts[0].seen == 1


@pytest.mark.parametrize("given", ["method=GET", "path=/api/v1/tasks/x"])
def test_a_script_for_another_method_or_path_is_not_asked(mock: Mock, given: str) -> None:
    mock.world().add_script(parse(f"delay=1; {given}"), "control", 10)
    assert mock.submit().view.task.outcome == "succeeded"
    assert mock.world().state.scripts[0].seen == 0


def no_credit(mock: Mock) -> None:
    mock.submit(world="no_credit")


def invalid(mock: Mock) -> None:
    mock.submit(duration=99)


@pytest.mark.parametrize("refused", [invalid, no_credit])
def test_a_refused_submit_uses_up_no_script(mock: Mock, refused: Callable[[Mock], None]) -> None:
    for name in ("default", "no_credit"):
        mock.world(name).add_script(parse("outcome=failed; times=1"), "control", 10)
    with pytest.raises(MockError):
        refused(mock)
    for name in ("default", "no_credit"):
        assert [(each.seen, each.used) for each in mock.world(name).state.scripts] == [(0, 0)]


def test_a_replay_uses_up_no_script(mock: Mock) -> None:
    first = mock.submit(idempotency_key="k")
    mock.world().add_script(parse("outcome=failed; times=1"), "control", 10)
    assert mock.submit(idempotency_key="k").view == first.view
    assert mock.submit().view.task.outcome == "failed"


def test_a_direct_script_leaves_the_stored_ones_alone(mock: Mock) -> None:
    mock.world().add_script(parse("outcome=failed; times=1"), "control", 10)
    assert mock.submit(script="outcome=cancelled").view.task.outcome == "cancelled"
    assert mock.world().state.scripts[0].seen == 0


def test_a_spent_script_makes_room_and_without_one_there_is_none(mock: Mock) -> None:
    mock.world().add_script(parse("outcome=failed; times=1"), "control", 2)
    mock.world().add_script(parse("outcome=stuck"), "control", 2)
    with pytest.raises(ScriptError, match="holds 2 scripts already"):
        mock.world().add_script(parse("outcome=cancelled"), "control", 2)
    mock.submit()
    added = mock.world().add_script(parse("outcome=cancelled"), "control", 2)
    assert [each.text for each in mock.world().state.scripts] == [
        "outcome=stuck",
        "outcome=cancelled",
    ]
    assert added.id == "script_3"


def test_a_script_of_another_world_does_nothing(mock: Mock) -> None:
    mock.world("other").add_script(parse("outcome=failed"), "control", 10)
    assert mock.submit().view.task.outcome == "succeeded"
