"""Whether a client waited between its requests about one task, and as long as it was told to."""

from collections.abc import Hashable, Iterator, Sequence

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.records import RecordedRequest

#: Seconds by which an interval may fall short: the journal writes milliseconds.
ROUNDING = 0.002


def impatient(requests: Sequence[RecordedRequest], least: float, speed: float) -> Iterator[str]:
    """A line for each request that came too soon; `speed` is world seconds for one of the client's.

    Only requests of one matter are compared: a task's polls, or a submit and its retries.
    """
    yield from _too_soon(requests, least, speed)
    yield from _unheeded(requests, speed)


def _too_soon(requests: Sequence[RecordedRequest], least: float, speed: float) -> Iterator[str]:
    polls: dict[str, RecordedRequest] = {}
    for each in requests:
        if each.method != "GET" or each.task_id is None or each.is_stream:
            continue
        before = polls.get(each.task_id)
        polls[each.task_id] = each
        if before is not None and (wait := _between(before, each, speed)) < least - ROUNDING:
            yield (f"{each.line}: {wait:g} s after the one before, expected at least {least:g} s")


def _unheeded(requests: Sequence[RecordedRequest], speed: float) -> Iterator[str]:
    told: dict[Hashable, RecordedRequest] = {}
    for each in requests:
        before = told.pop(matter := _matter(each), None)
        if each.retry_after is not None:
            told[matter] = each
        if before is None or before.retry_after is None:
            continue
        if (waited := _between(before, each, speed)) < before.retry_after - ROUNDING:
            yield (
                f"{each.line}: {waited:g} s after a {before.status}"
                f" that said Retry-After: {before.retry_after}"
            )


def _matter(request: RecordedRequest) -> Hashable:
    """What a request is about: equal for a request and its repetition."""
    if request.method == "POST":
        key = request.headers.get(PLATFORM.headers.idempotency_key.lower())
        return "POST", request.path, key or request.text
    return "GET", request.task_id or request.path


def _between(one: RecordedRequest, other: RecordedRequest, speed: float) -> float:
    """Seconds from one request to another, as the client counts them."""
    return (other.at - one.at).total_seconds() / speed
