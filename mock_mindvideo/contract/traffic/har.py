"""HAR 1.2 as recorders write it: browsers, proxies and test runners each leave something out.

What an entry lacks is taken as not recorded; only a request that cannot be told at all is refused.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.contract.traffic.moments import seconds
from mock_mindvideo.contract.traffic.recorded import Recorded, is_api

_PLACES = {
    "request": "/request",
    "url": "/request/url",
    "body": "/request/postData/text",
    "headers": "/request/headers",
    "status": "/response/status",
    "answer": "/response/content/text",
    "answer headers": "/response/headers",
}

#: Milliseconds beyond which a duration is none: some thirty years.
_LONGEST = 1e12

#: Bytes that a compressed body may become.
_MOST_BYTES = 16 * 1024 * 1024


def har_entry(number: int, pointer: str, entry: Mapping[str, Any]) -> Recorded | None:
    """The exchange in an entry, None where it is not the API's; raises KeyError and TypeError."""
    request = _object(entry).get("request")
    if not isinstance(request, Mapping):
        raise TypeError("an entry must be an object with a request")
    method, url = str(request["method"]).upper(), str(request["url"])
    if not is_api(method, url):
        return None
    response = _object(entry.get("response"))
    headers, content = _headers(response.get("headers")), _object(response.get("content"))
    if "content-type" not in headers and content.get("mimeType"):
        headers["content-type"] = str(content["mimeType"])
    began = seconds(entry.get("startedDateTime"))
    return Recorded(
        number=number,
        pointer=pointer,
        method=method,
        url=url,
        headers=_headers(request.get("headers")),
        body=_body(_object(request.get("postData"))),
        status=_status(response.get("status")),
        answer_headers=headers,
        answer=_content(content),
        at=began,
        until=began + _duration(entry.get("time")),
        places=_PLACES,
        raw=entry,
        disturbed="x-mock-script" in headers and method != "POST",
    )


def _object(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one: `null`, texts and missing members tell nothing."""
    return value if isinstance(value, Mapping) else {}


def _headers(listed: Any) -> dict[str, str]:
    """By lower-case name, of a list of pairs or of an object."""
    return {str(name).strip().lower(): str(value) for name, value in _pairs(listed) if name}


def _pairs(listed: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(listed, Mapping):
        yield from listed.items()
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and each.get("value") is not None:
            yield each.get("name"), each["value"]
        elif isinstance(each, list) and len(each) == 2:
            yield each[0], each[1]


def _status(value: Any) -> int:
    """0 for an exchange without an answer, which recorders write in many ways."""
    try:
        return max(int(value), 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _duration(value: Any) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return value / 1000 if known and value < _LONGEST else 0.0


def _body(sent: Mapping[str, Any]) -> str | None:
    """What was sent; None where the recorder kept no text, as for files and forms."""
    return _decoded(sent.get("text"), sent.get("encoding"))


def _content(content: Mapping[str, Any]) -> str | None:
    """The body, if the recorder kept it: browsers drop those of streams.

    An empty text is an empty body only where the size says so.
    """
    text = content.get("text")
    if text == "" and content.get("size") != 0:
        return None
    return _decoded(text, content.get("encoding"))


def _decoded(text: Any, encoding: Any) -> str | None:
    if text is None:
        return None
    if isinstance(text, dict | list):
        return json.dumps(text, ensure_ascii=False)
    if str(encoding or "").lower() != "base64":
        return str(text)
    plain = "".join(str(text).split()).rstrip("=")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return _unpacked(raw).decode("utf-8", "replace")


def _unpacked(raw: bytes) -> bytes:
    """The bytes, without the gzip that some proxies keep."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, _MOST_BYTES)
    except zlib.error:
        return raw
