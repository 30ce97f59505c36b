"""The bytes of an answer: its head, how its body is framed, and the server's own refusals."""

import re
from http import HTTPStatus

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.web.answers import error_answer, new_request_id
from mock_mindvideo.web.entrance import readable
from mock_mindvideo.web.headers import Headers

_CLOSE = (b"connection", b"close")
_CHUNKED = (b"transfer-encoding", b"chunked")

_BAD = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

#: Statuses whose answers never have a body (RFC 9110, 6.4.1).
_BODYLESS = frozenset({204, 304})


def _status_line(status: int) -> bytes:
    known = status in HTTPStatus.__members__.values()
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase if known else ''}\r\n".encode()


STATUS_LINES = {status: _status_line(status) for status in range(100, 600)}


def lines(headers: Headers) -> bytes:
    """Header lines."""
    return b"\r\n".join(map(b": ".join, headers)) + b"\r\n" if headers else b""


class Framing:
    """How one answer is written to a client of `version`, for a request of `method`.

    A body without a length is chunked, and for HTTP/1.0 ends with the connection. `keep_alive`
    is whether the connection can go on after it.
    """

    __slots__ = ("_chunked", "_left", "_silent", "_version", "keep_alive")

    def __init__(self, method: str, version: str, *, keep_alive: bool) -> None:
        self._version = version
        self._silent = method == "HEAD"
        self._chunked = False
        self._left: int | None = None
        self.keep_alive = keep_alive

    def head(self, status: int, headers: Headers, dated: bytes) -> bytes:
        """The head, `dated` being the server's own lines."""
        headers = [(name.lower(), value) for name, value in headers if name != b"transfer-encoding"]
        sent = dict(headers)
        length = sent.get(b"content-length")
        self._left = None if length is None else int(length)
        if self._silent or status in _BODYLESS:
            self._silent, self._left = True, None
        elif length is None:
            self._chunked = self._version == "1.1"
            self.keep_alive = self.keep_alive and self._chunked
        if b"close" in sent.get(b"connection", b"").lower():
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append(_CLOSE)
        if self._chunked:
            headers.append(_CHUNKED)
        head = lines(headers)
        if _BAD.search(head.replace(b"\r\n", b"")):
            raise ValueError("a header of the answer holds a control character")
        return STATUS_LINES[status] + dated + head + b"\r\n"

    def data(self, body: bytes | memoryview) -> list[bytes | memoryview]:
        """A piece of the body as it is written; raises ValueError for more than was announced."""
        if self._silent or not body:
            return []
        if self._chunked:
            return [b"%x\r\n" % len(body), body, b"\r\n"]
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0:
                raise ValueError("the answer is longer than its Content-Length")
        return [body]

    def end(self) -> bytes:
        """What ends the body; raises ValueError for less than was announced."""
        if self._left:
            raise ValueError("the answer is shorter than its Content-Length")
        return b"0\r\n\r\n" if self._chunked else b""


def refusal(problem: MockError, dialect: Dialect, dated: bytes, *, to_head: bool) -> bytes:
    """The server's own answer, after which it closes the connection; without a body `to_head`."""
    request_id = new_request_id(dialect.ids)
    answer = error_answer(problem, request_id, dialect)
    named = dialect.answers.naming(request_id)
    headers = answer.framed([*readable(dialect), *named, _CLOSE])
    head = STATUS_LINES[answer.status] + dated + lines(headers) + b"\r\n"
    return head if to_head else head + answer.body
