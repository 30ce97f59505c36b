"""Quotas: what is admitted, and when what was refused may come again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.limits import (
    MOST_KEYS,
    LimitError,
    Quota,
    Window,
    WorldLimits,
    count,
    read_quotas,
)

SECOND = 1_000_000

QUOTAS = st.dictionaries(st.integers(1, 30), st.integers(1, 5), min_size=1, max_size=3).map(
    lambda found: tuple(Quota(most, length * SECOND) for length, most in sorted(found.items()))
)
#: What one key does: seconds that pass, then a request.
PAUSES = st.lists(st.integers(0, 12), max_size=40)


@given(quotas=QUOTAS, pauses=PAUSES)
def test_no_window_has_more_requests_than_its_quota(
    quotas: tuple[Quota, ...], pauses: list[int]
) -> None:
    limits, windows, now = WorldLimits(quotas=quotas), (), 0
    admitted: list[int] = []
    for pause in pauses:
        now += pause * SECOND
        windows, until = count(limits, windows, "a", now)
        if not until:
            admitted.append(now)
    for quota in quotas:
        assert all(len(found) <= quota.requests for found in split(admitted, quota.length))


def split(moments: list[int], length: int) -> list[list[int]]:
    """Moments by windows, each of which begins with the first one after the last was over."""
    found: list[list[int]] = []
    for moment in moments:
        if not found or moment >= found[-1][0] + length:
            found.append([])
        found[-1].append(moment)
    return found


@given(quotas=QUOTAS, pauses=PAUSES)
def test_who_waits_as_long_as_told_is_admitted_and_no_earlier(
    quotas: tuple[Quota, ...], pauses: list[int]
) -> None:
    limits, windows, now = WorldLimits(quotas=quotas), (), 0
    for pause in pauses:
        now += pause * SECOND
        after, until = count(limits, windows, "a", now)
        if until:
            assert after == windows, "what is refused counts in no window"
            assert count(limits, windows, "a", until - 1).until == until
            assert not count(limits, windows, "a", until).until
        windows = after


@given(pauses=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), max_size=40))
def test_each_key_is_counted_by_itself(pauses: list[tuple[int, str]]) -> None:
    limits = WorldLimits(quotas=(Quota(2, 5 * SECOND),))
    together: tuple[Window, ...] = ()
    alone: dict[str, tuple[Window, ...]] = {}
    now = 0
    for pause, key in pauses:
        now += pause * SECOND
        together, until = count(limits, together, key, now)
        alone[key], by_itself = count(limits, alone.get(key, ()), key, now)
        assert until == by_itself


def test_the_keys_that_are_counted_are_bounded() -> None:
    limits, windows = WorldLimits(quotas=(Quota(1, SECOND), Quota(9, 9 * SECOND))), ()
    for number in range(3 * MOST_KEYS):
        windows, _ = count(limits, windows, str(number), 0)
        assert len(windows) <= 2 * MOST_KEYS


@given(quotas=QUOTAS, tasks=st.none() | st.integers(1, 99))
def test_limits_are_read_as_they_are_written(quotas: tuple[Quota, ...], tasks: int | None) -> None:
    limits = WorldLimits(None, tasks, quotas)
    assert read_quotas(limits.texts) == (tasks, quotas)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["10"], "'10' does not fit: write requests/seconds like 10/1"),
        (["0/1"], "does not fit"),
        (["1/0"], "does not fit"),
        (["1/0.0000"], "does not fit"),
        (["tasks=0"], "does not fit"),
        (["none", "1/1"], "'none' does not fit"),
        (["1/1", "2/1.0"], "there is another for the same seconds"),
        (["tasks=1", "tasks=2"], "comes twice"),
        ([f"1/{each}" for each in range(1, 10)], "more than 8 windows"),
        (["1/1\n"], None),
    ],
)
def test_what_is_no_quota_is_told(texts: list[str], problem: str | None) -> None:
    if problem is None:
        assert read_quotas(texts) == (None, (Quota(1, SECOND),))
        return
    with pytest.raises(LimitError, match=problem):
        read_quotas(texts)
