"""The journal: what was asked and answered, without a key in clear."""

from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant

#: How a journal names itself in a file, so that others know what they read.
FORMAT = "mock-mindvideo-journal/1"

#: Bytes of a body that the journal keeps.
MAX_BODY = 16 * 1024

#: Bytes of an entry beside its texts.
_OVERHEAD = 400


class Entry(NamedTuple):
    """One exchange. `headers` has a line each.

    `fault` is the script that disturbed it, `plan` the one that decided the plan of its
    new task.
    `at` is the world's time as it came, `ms` real milliseconds until the answer began,
    `retry_after` what the answer's header of that name said, in the client's seconds.
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


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes."""
    return _OVERHEAD + len(entry.headers) + len(entry.body) + len(entry.answer)


def excerpt(body: bytes) -> bytes:
    """The part of a body that is kept."""
    return body[:MAX_BODY]
