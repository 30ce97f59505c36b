"""A Hypothesis that does not begin with the simplest value gives as many examples, told of once."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture.choice import ChoiceTemplate
from hypothesis.internal.conjecture.engine import ConjectureRunner

from mock_mindvideo.fences import fence, hypothesis
from mock_mindvideo.strategies import examples


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """What was found and told is forgotten before and after each test."""
    for each in (fence.warn, hypothesis.begins_with_the_simplest):
        each.cache_clear()
    yield
    for each in (fence.warn, hypothesis.begins_with_the_simplest):
        each.cache_clear()


def test_the_simplest_value_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    drawn = examples._drawn(st.integers(0, 1 << 200), 5, seed=3)
    assert len(drawn) == 5
    assert 0 not in drawn
    assert [each for each in caplog.records if each.name == "mock_mindvideo"] == []


def test_a_value_that_is_the_only_one_stays() -> None:
    assert examples._drawn(st.just("a"), 1, seed=3) == ["a"]


def test_if_hypothesis_first_example_is_not_the_simplest_it_is_used_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usual = ConjectureRunner.cached_test_function

    def drawn(runner: Any, choices: Any, **options: Any) -> Any:
        if isinstance(choices[:1] and choices[0], ChoiceTemplate):
            choices, options = runner.generate_novel_prefix(), {"extend": "full"}
        return usual(runner, choices, **options)

    monkeypatch.setattr(ConjectureRunner, "cached_test_function", drawn)
    with caplog.at_level(logging.WARNING, "mock_mindvideo"):
        for _ in range(2):
            assert len(examples._drawn(st.integers(0, 1 << 200), 5, seed=3)) == 5
    [told] = [each.getMessage() for each in caplog.records if each.name == "mock_mindvideo"]
    assert "the first example is not the simplest one" in told
