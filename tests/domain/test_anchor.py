"""Real time from clocks that jump: it goes on, never back, and follows the running clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.anchor import LEASE, TOLERANCE, Anchor, ClockReading, jump, moved_on
from mock_mindvideo.domain.instant import LAST, SECOND

MOMENTS = st.integers(0, LAST)
BOOTS = st.sampled_from(["", "one", "two"])
READINGS = st.builds(ClockReading, BOOTS, st.integers(0, 1 << 50), MOMENTS)
ANCHORS = st.none() | st.builds(
    Anchor, BOOTS, st.integers(-LAST, LAST), MOMENTS, st.integers(-LAST, LAST)
)


def real(anchor: Anchor, at: ClockReading) -> int:
    return at.running + anchor.offset


@given(ANCHORS, READINGS, MOMENTS)
def test_the_next_moment_is_before_nothing_that_was_given_and_within_the_mark(anchor, at, last):
    after = moved_on(anchor, at, last)
    given_before = last if anchor is None else max(last, anchor.mark - LEASE)
    assert given_before <= real(after, at) <= after.mark
    assert anchor is None or after.mark >= anchor.mark
    assert (after.boot, after.drift) == (at.boot, at.wall - real(after, at))


@given(READINGS, st.integers(0, 1 << 40), MOMENTS)
def test_within_a_boot_time_runs_as_the_running_clock_does_whatever_the_wall_clock_shows(
    begin, passed, wall
):
    first = moved_on(None, begin, 0)
    later = ClockReading(begin.boot, begin.running + passed, wall)
    assert moved_on(first, later, real(first, begin)).offset == first.offset


@given(READINGS, st.integers(0, 1 << 40), MOMENTS)
def test_the_next_boot_takes_up_the_wall_clock_where_that_is_later(begin, running, wall):
    first = moved_on(None, begin, 0)
    booted = ClockReading("another", running, wall)
    assert real(moved_on(first, booted, 0), booted) == max(wall, first.mark)


@given(READINGS, st.integers(-LAST, LAST), st.integers(0, 1 << 40))
def test_a_jump_of_the_wall_clock_is_told_once_by_its_size(begin, set_by, passed):
    first = moved_on(None, begin, 0)
    wall = begin.wall + passed + set_by
    jumped = moved_on(first, ClockReading(begin.boot, begin.running + passed, wall), 0)
    again = moved_on(jumped, ClockReading(begin.boot, begin.running + passed, wall), 0)
    assert jump(first, jumped) == (set_by if abs(set_by) > TOLERANCE else 0)
    assert jump(jumped, again) == 0


@pytest.mark.parametrize(("set_by", "told"), [(-3600, -3600), (-1, 0), (0, 0), (3600, 0)])
def test_between_two_boots_only_a_jump_back_can_be_told(set_by, told):
    begin = ClockReading("one", 5 * SECOND, 10**15)
    first = moved_on(None, begin, 0)
    booted = ClockReading("two", SECOND, first.mark + set_by * SECOND)
    assert jump(first, moved_on(first, booted, 0)) == told * SECOND
