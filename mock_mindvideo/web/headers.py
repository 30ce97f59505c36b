"""Header names and values: those the mock sends, and reading those it is sent."""

import re
from functools import lru_cache
from urllib.parse import quote

from mock_mindvideo.platform import PLATFORM

Headers = list[tuple[bytes, bytes]]

JSON = (b"content-type", b"application/json")
EVENT_STREAM = (b"content-type", b"text/event-stream; charset=utf-8")

_OWN = PLATFORM.headers

#: Names the script that decided or disturbed an answer; sent along with a request, brings one.
SCRIPT = b"x-mock-script"

REPLAYED = (_OWN.replayed.lower().encode(), b"true")
REQUEST_ID = _OWN.request_id.lower().encode()
IDEMPOTENCY_KEY = _OWN.idempotency_key.lower().encode()

#: Characters of a header value that come from texts of any length.
_LONGEST = 2048
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
_MEDIA_TYPE = re.compile(r"\s*application/json\s*(;.*)?", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def ascii_value(text: str) -> bytes:
    """`text` as a header value: printable ASCII, anything else percent-encoded, and cut."""
    return quote(text, safe=_PRINTABLE).encode()[:_LONGEST]


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """Whether a Content-Type is application/json in UTF-8."""
    if not _MEDIA_TYPE.fullmatch(content_type):
        return False
    charset = _CHARSET.search(content_type)
    return charset is None or charset[1].lower() in ("utf-8", "utf8")
