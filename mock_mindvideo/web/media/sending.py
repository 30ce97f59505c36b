"""A file on its way to a client: whole or in parts, piece by piece as the client reads.

No client holds more of a file than one piece and what its connection's buffer takes: the next
piece is fetched when the server has room for it.
"""

import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mock_mindvideo.domain.errors import PreconditionFailed, RangeNotSatisfiable
from mock_mindvideo.web.asgi import ABORT
from mock_mindvideo.web.leaving import noticing_loss
from mock_mindvideo.web.media.conditions import Version, range_applies, refusal
from mock_mindvideo.web.media.content import Content, ContentGone
from mock_mindvideo.web.media.ranges import Span, spans

_HEADERS = {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    # A file that is opened as a page must not run as the mock's own: it could steer the mock.
    "content-security-policy": (
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
    ),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file, and what is said of it: `headers` are its own, beside those of every file.

    `name` is what a browser calls it when it is saved.
    """

    content: Content
    media_type: str
    version: Version
    name: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Selection:
    """What is answered: `spans` of the file, several with a `boundary` between them."""

    status: int
    headers: Mapping[str, str]
    spans: Sequence[Span] = ()
    boundary: str = ""


class FileResponse(Response):
    """Answers a GET or HEAD for a file.

    200 with the file, 206 with parts of it, 304 if the client has it. Raises PreconditionFailed if
    it expects another one, and RangeNotSatisfiable for parts that the file has not.
    """

    def __init__(self, file: File) -> None:
        self._file = file
        self._size = file.content.size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        selection = self._selection(scope["method"], Headers(scope=scope))
        lines = [
            (name.encode(), value.encode("latin-1")) for name, value in selection.headers.items()
        ]
        await send({"type": "http.response.start", "status": selection.status, "headers": lines})
        if scope["method"] != "HEAD":
            try:
                await self._send(selection, scope, receive, send)
            except ContentGone:
                abort = (scope.get("extensions") or {}).get(ABORT)
                if abort is not None:  # the client is told by a body that breaks off
                    abort()
                return
        await send({"type": "http.response.body", "body": b""})

    async def _send(
        self, selection: _Selection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the pieces, as long as there is somebody to read them."""
        with noticing_loss(scope, receive) as gone:
            async with aclosing(self._pieces(selection)) as pieces:
                async for piece in pieces:
                    if gone():
                        return
                    await send({"type": "http.response.body", "body": piece, "more_body": True})

    def _selection(self, method: str, asked: Headers) -> _Selection:
        file = self._file
        headers = {**_HEADERS, **file.headers, **file.version.headers()}
        refused = refusal(asked, file.version)
        if refused == 304:
            return _Selection(304, headers)
        if refused is not None:
            raise PreconditionFailed(
                "If-Match or If-Unmodified-Since does not hold for the file: its ETag is"
                f" {file.version.tag}",
                headers=self._told(),
            )
        headers["content-disposition"] = disposition(file.media_type, file.name)
        ranges = asked.getlist("range") if method == "GET" else []
        if len(ranges) == 1 and range_applies(asked, file.version):
            found = spans(ranges[0], self._size)
            if found is not None:
                return self._partial(found, headers)
        return _Selection(200, headers | self._framing(self._size), [(0, self._size - 1)])

    def _partial(self, found: Sequence[Span], headers: Mapping[str, str]) -> _Selection:
        if not found:
            raise RangeNotSatisfiable(
                f"the file has {self._size} bytes, and none of those that Range asks for",
                headers=(*self._told(), ("Content-Range", f"bytes */{self._size}")),
            )
        if len(found) == 1:
            first, last = found[0]
            place = {"content-range": f"bytes {first}-{last}/{self._size}"}
            return _Selection(206, {**headers, **place, **self._framing(last + 1 - first)}, found)
        boundary = secrets.token_hex(12)
        heads = sum(len(self._head(span, boundary)) for span in found) + len(_end(boundary))
        length = heads + sum(last + 1 - first for first, last in found)
        kind = {"content-type": f"multipart/byteranges; boundary={boundary}"}
        return _Selection(206, {**headers, **self._framing(length), **kind}, found, boundary)

    def _told(self) -> tuple[tuple[str, str], ...]:
        """What a refusal says of the file."""
        kept = ("accept-ranges", "cross-origin-resource-policy")
        return (*self._file.version.headers().items(), *((name, _HEADERS[name]) for name in kept))

    def _framing(self, length: int) -> dict[str, str]:
        return {"content-type": self._file.media_type, "content-length": str(length)}

    async def _pieces(self, selection: _Selection) -> AsyncGenerator[bytes]:
        for span in selection.spans:
            if selection.boundary:
                yield self._head(span, selection.boundary)
            async for piece in self._file.content.read(*span):
                yield piece
        if selection.boundary:
            yield _end(selection.boundary)

    def _head(self, span: Span, boundary: str) -> bytes:
        """What stands before one of several parts."""
        return (
            f"\r\n--{boundary}\r\nContent-Type: {self._file.media_type}\r\n"
            f"Content-Range: bytes {span[0]}-{span[1]}/{self._size}\r\n\r\n"
        ).encode()


def disposition(media_type: str, name: str) -> str:
    """Shown in place what can only be looked at or listened to; anything else is saved."""
    kind = media_type.partition("/")[0]
    passive = kind in ("image", "video", "audio") and media_type != "image/svg+xml"
    return f'{"inline" if passive else "attachment"}; filename="{name}"'


def _end(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode()
