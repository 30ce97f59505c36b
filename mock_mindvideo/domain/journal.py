"""The journal: what was asked and answered, without a key in clear."""

import re
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant

#: Bytes of a body that the journal keeps.
MAX_BODY = 16 * 1024

#: Bytes of an entry beside its texts.
_OVERHEAD = 400

_BEARER = re.compile(r"(?i)^(\s*bearer\s+)(.*)$", re.DOTALL)
#: Headers whose values are credentials, whatever they look like.
SECRET_HEADERS = frozenset(
    (b"authorization", b"proxy-authorization", b"cookie", b"x-mock-admin-token")
)

#: What stands in every key; a text without it need not be searched.
KEY_MARK = "mv_"
_KEY = re.compile(r"mv_(?:live|test)_[A-Za-z0-9_-]+")


class Entry(NamedTuple):
    """One exchange. `headers` has a line each.

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
    script: str | None = None
    advice: str | None = None
    retry_after: int | None = None


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes."""
    return _OVERHEAD + len(entry.headers) + len(entry.body) + len(entry.answer)


def mask(secret: str) -> str:
    """A key as it may be shown: its kind and its last two characters, `mv_live_…xx`."""
    kind = secret[:8] if secret.startswith(("mv_live_", "mv_test_")) else ""
    return f"{kind}…{secret[-2:]}" if len(secret) > len(kind) + 2 else f"{kind}…"


def mask_header(name: str, value: str) -> str:
    """A header's value as it may be kept: credentials are masked, whatever their scheme."""
    if name.lower().encode() not in SECRET_HEADERS:
        return mask_text(value)
    bearer = _BEARER.match(value)
    return bearer[1] + mask(bearer[2]) if bearer else "…"


def mask_text(text: str) -> str:
    """`text` with everything that looks like a key masked."""
    return _KEY.sub(lambda key: mask(key[0]), text)


def excerpt(body: bytes) -> bytes:
    """The part of a body that is kept."""
    return body[:MAX_BODY]
