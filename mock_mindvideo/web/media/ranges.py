"""A file from memory, whole or in part: conditional and range requests of RFC 9110.

Starlette has these for files on disk only. Several ranges at once are answered with the whole
file, as section 14.2 allows.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")

_HEADERS = {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


def file_response(
    request: Request, body: bytes, media_type: str, tag: str, extra: Mapping[str, str]
) -> Response:
    """200 with the file, 206 with a part, 304 if the client has it, 416 for a part it has not."""
    headers = {**_HEADERS, **extra, "etag": tag}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    wanted = _wanted(request, len(body), tag)
    if wanted is None:
        return Response(body, media_type=media_type, headers=headers)
    first, last = wanted
    if first > last:
        return Response(
            status_code=416, headers=headers | {"content-range": f"bytes */{len(body)}"}
        )
    headers["content-range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], 206, headers, media_type)


def _wanted(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """The first and last byte asked for; first > last if there are none; None for all."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or request.headers.get("if-range", tag) != tag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    if last and int(last) < int(first):
        return None  # not a valid range at all, so it is ignored
    return int(first), min(size - 1, int(last)) if last else size - 1


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}
