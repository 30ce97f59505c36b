"""What a world bears: how many tasks in flight, how many unfinished, how many requests in a time.

What goes beyond the first waits (see `in_flight.py`), what goes beyond the others is refused. None
of this is known of the real platform.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple, Self

from mock_mindvideo.domain.in_flight import MOST
from mock_mindvideo.domain.instant import SECOND, Instant, microseconds

#: Windows of requests in one world, and API keys that are counted each by itself.
MOST_WINDOWS, MOST_KEYS = 8, 256

#: How quotas are written.
FORM = "requests/seconds like 10/1, or tasks=20 for tasks that have not ended"

_REQUESTS = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,7}(?:\.[0-9]{1,6})?|0\.[0-9]{1,6})")
_TASKS = re.compile(r"tasks=([1-9][0-9]{0,8})")


class LimitError(ValueError):
    """WorldLimits that cannot be; the message says which, and what fits."""


class Quota(NamedTuple):
    """So many requests of one API key in each window of so many microseconds."""

    requests: int
    length: int

    def __str__(self) -> str:
        return f"{self.requests}/{self.length / SECOND:.6f}".rstrip("0").rstrip(".")


class Window(NamedTuple):
    """The requests of one API key since a moment, for the quota of that length."""

    key: str
    length: int
    opened: Instant
    counted: int


class WorldLimits(NamedTuple):
    """`in_flight` tasks are worked on at once, `tasks` are unfinished, `quotas` are for requests.

    None is no limit.
    """

    in_flight: int | None = None
    tasks: int | None = None
    quotas: tuple[Quota, ...] = ()

    def given(self, in_flight: int | None, quotas: Iterable[str] | None) -> Self | None:
        """These with others in place of those that are given: 0 tasks in flight, or the only quota
        `none`, lift the limit. None where nothing is left; raises LimitError.
        """
        new = self
        if in_flight is not None:
            if not 0 <= in_flight <= MOST:
                raise LimitError(f"in-flight must be from 1 to {MOST}, or 0 for no limit")
            new = new._replace(in_flight=in_flight or None)
        if quotas is not None:
            tasks, windows = read_quotas(quotas)
            new = new._replace(tasks=tasks, quotas=windows)
        return None if new == WorldLimits() else new

    @property
    def texts(self) -> tuple[str, ...]:
        """The quotas as they are written."""
        return (*map(str, self.quotas), *([f"tasks={self.tasks}"] if self.tasks else ()))


def read_quotas(texts: Iterable[str]) -> tuple[int | None, tuple[Quota, ...]]:
    """How many unfinished tasks, and the quotas of requests; raises LimitError."""
    given = [each.strip() for each in texts]
    tasks: int | None = None
    found: dict[int, Quota] = {}
    if given == ["none"]:
        return None, ()
    for text in given:
        if match := _TASKS.fullmatch(text):
            if tasks is not None:
                raise LimitError(f"quota {text!r} comes twice")
            tasks = int(match[1])
        elif (match := _REQUESTS.fullmatch(text)) and float(match[2]):
            quota = Quota(int(match[1]), microseconds(float(match[2])))
            if quota.length in found:
                raise LimitError(f"quota {text!r}: there is another for the same seconds")
            found[quota.length] = quota
        else:
            raise LimitError(f"quota {text[:60]!r} does not fit: write {FORM}, or none alone")
    if len(found) > MOST_WINDOWS:
        raise LimitError(f"quota has more than {MOST_WINDOWS} windows of requests")
    return tasks, tuple(found[length] for length in sorted(found))


class CountedRequest(NamedTuple):
    """The windows after one more request, and until when it is refused: 0 if it is admitted."""

    windows: tuple[Window, ...]
    until: Instant


def count(
    limits: WorldLimits, windows: tuple[Window, ...], key: str, now: Instant
) -> CountedRequest:
    """One more request of that key at `now`: counted in each window, or in none where one is full.

    A window begins with the first request in it. What is refused may come again when the last of
    those that are full is over, and is admitted then.
    """
    open_now = [each for each in windows if now < each.opened + each.length]
    mine = {each.length: each for each in open_now if each.key == key}
    full = [
        mine[quota.length].opened + quota.length
        for quota in limits.quotas
        if quota.length in mine and mine[quota.length].counted >= quota.requests
    ]
    if full:
        return CountedRequest(windows, max(full))
    ours = [
        mine[length]._replace(counted=mine[length].counted + 1)
        if length in mine
        else Window(key, length, now, 1)
        for _, length in limits.quotas
    ]
    others = [each for each in open_now if each.key != key]
    room = (MOST_KEYS - 1) * len(limits.quotas)
    return CountedRequest((*others[max(0, len(others) - room) :], *ours), 0)
