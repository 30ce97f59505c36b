"""The HTTP/1.1 connection under uvicorn: what ASGI has no word for.

Refusals of the parser are enveloped like any other, the head of a request is bounded, and the
application can drop a connection: `scope["extensions"]["mock_mindvideo.abort"]()`.
"""

import re
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.answers import envelope, new_request_id
from mock_mindvideo.web.headers import CORS, JSON

ABORT = "mock_mindvideo.abort"

#: Bytes of a request line and its headers together.
MAX_HEAD = 64 * 1024


_UPGRADE = re.compile(rb"(?i)(?<=\r\n)upgrade(?=[ \t]*:)")


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol on httptools, with the three additions above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: int | None = 0

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += len(data)
            if self._head > MAX_HEAD + len(data):
                self.send_400_response(f"the request's head is over {MAX_HEAD} bytes")
                return
            data = _without_upgrade(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: self.transport.abort}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        request_id = new_request_id()
        body = orjson.dumps(envelope(InvalidHttp(msg), request_id))
        headers = [
            JSON,
            *CORS,
            (b"x-request-id", request_id.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + lines + b"\r\n" + body)
        self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """`data` with an offer to change the protocol renamed, which declines it.

    Java's HttpClient makes one with every request; the parser would take the body that follows
    for the first bytes of that protocol, and the application would never see it.
    """
    if b"pgrade" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"x-offer", head) + end + rest
