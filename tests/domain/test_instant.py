"""Moments: whole microseconds inside, RFC 3339 outside."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.instant import LAST, microseconds, rfc3339
from mock_mindvideo.domain.world import VIRTUAL_START

moments = st.integers(0, LAST)


@given(moments)
def test_rfc3339_reads_back_as_the_moment_cut_to_milliseconds(at):
    read = datetime.fromisoformat(rfc3339(at))

    assert read.utcoffset() == timedelta(0)
    assert (read - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) == at // 1000


@given(moments, moments)
def test_written_moments_sort_like_the_moments(one, other):
    earlier, later = sorted((one, other))

    assert rfc3339(earlier) <= rfc3339(later)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (VIRTUAL_START, "2026-01-01T00:00:00.000Z"),
        (VIRTUAL_START + 2_000_999, "2026-01-01T00:00:02.000Z"),
        (LAST, "9999-12-31T00:00:00.000Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_three_digits(at, written):
    assert rfc3339(at) == written


@given(st.integers(0, 10**9), st.integers(0, 999_999))
def test_seconds_with_six_digits_are_exact_microseconds(seconds, micro):
    assert microseconds(float(f"{seconds}.{micro:06}")) == seconds * 1_000_000 + micro
