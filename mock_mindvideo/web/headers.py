"""Header names and values: those the mock sends, and reading those it is sent."""

import re
from functools import lru_cache
from urllib.parse import quote

from mock_mindvideo.platform import PLATFORM

Headers = list[tuple[bytes, bytes]]

JSON = (b"content-type", b"application/json")
EVENT_STREAM = (b"content-type", b"text/event-stream; charset=utf-8")

#: Names the script that decided or disturbed an answer; sent along with a request, brings one.
SCRIPT = b"x-mock-script"

IDEMPOTENCY_KEY = PLATFORM.headers.idempotency_key.lower().encode()

#: What names a request of the mock's own control plane.
REQUEST_ID = PLATFORM.headers.request_id.lower().encode()

#: Characters of a header value that come from texts of any length.
_LONGEST = 2048
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
_MEDIA_TYPE = re.compile(rb"\s*application/json\s*(;.*)?", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def ascii_value(text: str) -> bytes:
    """`text` as a header value: printable ASCII, anything else percent-encoded, and cut."""
    return quote(text, safe=_PRINTABLE).encode()[:_LONGEST]


@lru_cache(maxsize=64)
def content_type(media_type: str) -> tuple[bytes, bytes]:
    """The header that says of what media type a body is."""
    return b"content-type", media_type.encode()


@lru_cache(maxsize=256)
def is_json(sent: bytes) -> bool:
    """Whether a Content-Type is application/json in UTF-8."""
    if not _MEDIA_TYPE.fullmatch(sent):
        return False
    charset = _CHARSET.search(sent)
    return charset is None or charset[1].lower() in (b"utf-8", b"utf8")
