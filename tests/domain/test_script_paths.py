"""Stars in a script's path: what they match, and that no path makes them slow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.script.paths import matches, reaches
from tests.effort import cpu_seconds

patterns = st.text("ab*/", max_size=10)
paths = st.text("ab/", max_size=10)


def oracle(pattern, path):
    """What a backtracking engine says: a star is any characters but a slash."""
    return re.fullmatch("[^/]*".join(map(re.escape, pattern.split("*"))), path) is not None


@given(patterns, paths)
def test_a_star_is_any_part_of_one_segment(pattern, path):
    assert matches(pattern, path) is oracle(pattern, path)


@given(patterns, st.lists(st.sampled_from(["a", "ab", "b", "{id}"]), min_size=1, max_size=4))
def test_a_pattern_reaches_a_template_if_it_matches_one_of_its_paths(pattern, parts):
    template = "/".join(parts)
    fillings = [re.sub(r"[*]", "", part) or "a" for part in pattern.split("/")]
    filled = "/".join(
        filling if part == "{id}" else part
        for part, filling in zip(parts, fillings + ["a"] * len(parts), strict=False)
    )

    assert reaches(pattern, template) is oracle(pattern, filled)


def seconds(stars, length):
    """The time of the match that costs a backtracking engine most."""
    pattern = "/api/v1/tasks/" + "*a" * stars + "Z"
    path = "/api/v1/tasks/" + "a" * length
    found = []
    least = cpu_seconds(lambda: found.extend(matches(pattern, path) for _ in range(20)), 0)
    assert not any(found)
    return least


@pytest.mark.parametrize("pattern", ["***************Z", "*a" * 120 + "Z", "a*" * 120 + "b"])
def test_stars_that_make_an_engine_backtrack_are_matched_at_once(pattern):
    found = []
    path = "/api/v1/tasks/" + "a" * 65_000
    took = cpu_seconds(lambda: found.append(matches("/api/v1/tasks/" + pattern, path)), 0.2)
    assert not any(found)
    assert took < 0.2


def test_twice_the_length_costs_no_more_than_about_twice_the_time():
    small, large = seconds(50, 8_000), seconds(50, 64_000)

    assert large < max(0.05, 8 * 4 * small)
