"""Examples for people without Hypothesis: repeatable, complete, and right at the edges."""

import pytest

from mock_mindvideo.strategies import violations
from mock_mindvideo.strategies.examples import (
    invalid_examples,
    valid_boundaries,
    valid_examples,
)
from tests.strategies.oracle import labels, reports


@pytest.mark.parametrize("seed", [0, 1])
def test_valid_examples_are_as_many_as_asked_for_valid_and_repeatable(seed):
    found = list(valid_examples(20, seed=seed))
    assert len(found) == 20
    assert all(reports(value) == set() for value in found)
    assert found == list(valid_examples(20, seed=seed))


def test_another_seed_gives_other_examples():
    assert list(valid_examples(20, seed=0)) != list(valid_examples(20, seed=1))


def test_there_is_one_invalid_example_for_each_rule():
    found = list(invalid_examples())
    assert [each.violation for each in found] == list(violations())
    assert all(reports(each.value) == labels(each) for each in found)


def test_valid_boundaries_stand_right_on_the_bounds():
    found = list(valid_boundaries())
    assert all(reports(value) == set() for value in found)
    assert {value.get("duration") for value in found} >= {2, 15}
    assert {len(value["prompt"]) for value in found} >= {1, 5_000}
    assert {len(value.get("video_urls", ())) for value in found} >= {1, 5}


def test_invalid_boundaries_stand_one_step_past_them():
    found = list(invalid_examples(boundaries=True))
    assert all(reports(each.value) == labels(each) for each in found)
    durations = {f.value["duration"] for f in found if f.violation.pointer == "/duration"}
    prompts = {len(f.value["prompt"]) for f in found if f.violation.pointer == "/prompt"}
    assert (durations, prompts) == ({1, 16}, {0, 5_001})
