"""The HTTP/1.1 connection under uvicorn: what ASGI has no word for.

Refusals of the parser are enveloped like any other, the head of a request is bounded, the
application can drop a connection (`scope["extensions"][ABORT]()`), and it can send a whole answer
in one write (`scope["extensions"][WHOLE](status, headers, body)`), which costs half of two.
"""

import asyncio
import re
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.answers import WHOLE, envelope, new_request_id
from mock_mindvideo.web.app import App
from mock_mindvideo.web.headers import ANY_ORIGIN, EXPOSE, JSON, Headers
from mock_mindvideo.web.waiting import ABORT

#: Bytes of a request line and its headers together.
MAX_HEAD = 64 * 1024


_UPGRADE = re.compile(rb"(?i)(?<=\r\n)upgrade(?=[ \t]*:)")


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol on httptools, with the additions above."""

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

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._extensions: Any = {ABORT: transport.abort, WHOLE: self.respond}

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()

    def respond(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send a whole answer at once, headers unchecked; False if it must go piece by piece.

        While pipelined requests wait, the last cycle is not the one that answers.
        """
        cycle = self.cycle
        if self.pipeline or self.flow.write_paused or cycle.disconnected or not cycle.keep_alive:
            return False
        if cycle.scope["method"] == "HEAD":
            return False
        parts = [STATUS_LINE[status]]
        for name, value in (*cycle.default_headers, *headers):
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n", body)
        self.transport.write(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self.on_response_complete()
        return True

    def shutdown(self) -> None:
        """End the open streams of the application, which would hold up the server's end."""
        if isinstance(self.app, App):
            self.app.streams.close()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:
        request_id = new_request_id()
        body = orjson.dumps(envelope(InvalidHttp(msg), request_id))
        headers = [
            JSON,
            ANY_ORIGIN,
            EXPOSE,
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
