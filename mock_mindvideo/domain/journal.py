"""The journal: what was asked and answered, and what was done to the world; no key in clear."""

from collections.abc import Mapping
from typing import NamedTuple

import orjson

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.masking import mask_bytes

#: How a journal names itself in a file, so that others know what they read.
FORMAT = "mock-mindvideo-journal/1"

#: Bytes of a body that the journal keeps.
MAX_BODY = 16 * 1024

#: Acts that the journal keeps beside its exchanges, over all worlds.
MOST_ACTS = 20_000

#: Bytes of an entry beside its texts.
_OVERHEAD = 400


class Entry(NamedTuple):
    """One exchange, or one act upon the world. `headers` has a line each.

    `fault` is the script that disturbed it, `plan` the one that decided the plan of its
    new task.
    `at` is the world's time as it came, `ms` real milliseconds until the answer began,
    `retry_after` what the answer's header of that name said, in the client's seconds.
    An `act`, such as "clock", is nobody's request: its `body` is JSON that says what was done.
    """

    at: Instant
    request_id: str
    method: str
    path: str
    headers: bytes
    body: bytes
    status: int
    code: str | None
    task_id: str | None
    answer: bytes
    ms: float
    fault: str | None = None
    plan: str | None = None
    advice: str | None = None
    retry_after: int | None = None
    act: str | None = None


class LogPage(NamedTuple):
    """A part of a world's log, exchanges and acts, each with its number, oldest first.

    `last` is the number up to which it was looked; `lost` says that what came after the number
    that was asked for may have been dropped already.
    """

    entries: tuple[tuple[int, Entry], ...]
    last: int
    lost: bool = False


def act_entry(at: Instant, act: str, task_id: str | None, told: Mapping[str, object]) -> Entry:
    """An act upon a world at a moment of its time."""
    body = mask_bytes(orjson.dumps(dict(told)))
    return Entry(at, "", "", "", b"", body, 0, None, task_id, b"", 0.0, act=act)


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes."""
    return _OVERHEAD + len(entry.headers) + len(entry.body) + len(entry.answer)


def excerpt(body: bytes) -> bytes:
    """The part of a body that is kept."""
    return body[:MAX_BODY]
