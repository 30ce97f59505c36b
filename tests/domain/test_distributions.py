"""Times that are drawn: within bounds, as their form says, and the same again for the same seed."""

import re
from contextlib import nullcontext
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.script import MOST_STAY, ScriptError, drawn, parse
from mock_mindvideo.domain.script.distributions import PATTERN
from tests.worlds.making import Mock

texts = st.from_regex(PATTERN, fullmatch=True, alphabet=st.characters(codec="ascii"))
chances = st.floats(0, 1, exclude_max=True)


def rises(text: str) -> bool:
    """Whether it may be drawn from; only percentiles may not."""
    numbers = re.findall(r"[0-9.]+", text)
    percents, seconds = map(float, numbers[::2]), map(float, numbers[1::2])
    pairs = list(zip(percents, seconds, strict=False))
    return "percentiles" not in text or all(
        before[0] < after[0] and before[1] <= after[1] for before, after in pairwise(pairs)
    )


@given(texts)
def test_every_text_that_is_written_like_one_is_read_if_it_rises(text: str) -> None:
    with nullcontext() if rises(text) else pytest.raises(ScriptError, match="does not rise"):
        parse(f"queued={text}")


@given(texts.filter(rises), chances, chances)
@example("lognormal(0,2000)", 0.0, 0.75)
@example("lognormal(99999999,99999999)", 0.25, 0.99)
def test_what_is_drawn_is_never_negative_never_too_long_and_rises_with_the_chance(
    text: str, one: float, other: float
) -> None:
    low, high = (drawn(text, chance, MOST_STAY) for chance in sorted((one, other)))
    assert 0 <= low <= high < MOST_STAY * SECOND


@pytest.mark.parametrize(
    ("text", "chance", "seconds"),
    [
        ("uniform(10,20)", 0.25, 12.5),
        ("uniform(20, 10)", 0.25, 12.5),
        ("normal(30,5)", 0.5, 30),
        ("normal(30,5)", 0.841345, 35),
        ("normal(1,5)", 0.001, 0),
        ("lognormal(30,0.5)", 0.5, 30),
        ("lognormal(30,0.5)", 0.841345, 49.462),
        ("exponential(30)", 0.5, 20.794),
        ("observed(40,10,20)", 0, 10),
        ("observed(40,10,20)", 0.5, 20),
        ("observed(40,10,20)", 0.75, 30),
        ("percentiles(50:30,95:80)", 0.25, 15),
        ("percentiles(50:30,95:80)", 0.5, 30),
        ("percentiles(50:30,95:80)", 0.95, 80),
        ("percentiles(50:30,95:80)", 0.99, 80),
        ("percentiles(0:5,100:10)", 0.5, 7.5),
    ],
)
def test_each_form_draws_what_it_says(text: str, chance: float, seconds: float) -> None:
    assert drawn(text, chance, MOST_STAY) / SECOND == pytest.approx(seconds, abs=0.002)


@pytest.mark.parametrize("text", ["percentiles(95:80,50:30)", "percentiles(50:30,95:20)"])
def test_percentiles_that_do_not_rise_are_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(ScriptError, match="does not rise: write percent:seconds, both rising"):
        parse(f"queued={text}")


@pytest.mark.parametrize(
    "text", ["lognormal(30)", "uniform(1,2,3)", "gamma(1,2)", "normal(-1,2)", "observed(1)", "(1)"]
)
def test_a_form_that_is_none_is_answered_with_how_one_is_written(text: str) -> None:
    with pytest.raises(ScriptError, match=r"or a distribution, like lognormal\(30,0.5\)"):
        parse(f"queued={text}")


def times(seed: int, script: str = "queued=lognormal(30,0.5); processing=0") -> list[float]:
    mock = Mock(settings={"progress": "manual", "seed": seed})
    views = [mock.submit(script=script).view for _ in range(300)]
    return [(view.due or 0) - view.task.created_at for view in views]


def test_the_same_seed_draws_the_same_times_and_another_draws_others() -> None:
    assert times(7) == times(7)
    assert times(7) != times(8)


def test_many_tasks_take_as_long_as_the_form_says() -> None:
    queued = [each / SECOND for each in times(7)]
    assert len(set(queued)) > 290
    assert median(queued) == pytest.approx(30, rel=0.15)
    assert fmean(queued) == pytest.approx(34, rel=0.15)
