"""uvicorn's protocol on httptools, with what the mock needs beside it.

Refusals of the parser are enveloped like any other, the head of a request is bounded, and the
application can drop a connection (`scope["extensions"][ABORT]()`). A request for the emulated API
that has come whole is answered at once, if the application can: without a task, an event and a
cycle of messages, which cost as much as the answer. Every other one goes uvicorn's own way.
"""

import asyncio
import logging
import re
from typing import Any

import orjson
from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.answers import envelope, new_request_id
from mock_mindvideo.web.app import App
from mock_mindvideo.web.asgi import ABORT, STARTED
from mock_mindvideo.web.cors import ANY_ORIGIN, EXPOSE
from mock_mindvideo.web.headers import JSON, Headers
from mock_mindvideo.web.steps import DROP, Handling
from mock_mindvideo.wire.outbox import outbox_of

#: Bytes of a request line and its headers together.
MAX_HEAD = 64 * 1024

_UPGRADE = re.compile(rb"(?i)(?<=\r\n)upgrade(?=[ \t]*:)")

#: What is answered at once.
_METHODS = {b"GET": "GET", b"POST": "POST"}

#: Where requests are answered at once: under the emulated API, with nothing to decode or split.
_PLAIN = re.compile(rb"/api/[A-Za-z0-9/_-]*")

logger = logging.getLogger("mock_mindvideo")


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: int | None = 0
        self._heard = False
        self._body: bytes | None = None
        self._started: Handling | None = None
        self._emulation = self.app.emulation if isinstance(self.app, App) else None
        self._outbox = outbox_of(self.loop)
        self._dated: Headers = []
        self._date = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._plain_scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "root_path": "",
            "query_string": b"",
        }

    def data_received(self, data: bytes) -> None:
        self._heard = True
        if self._head is not None:
            self._head += len(data)
            if self._head > MAX_HEAD + len(data):
                self.send_400_response(f"the request's head is over {MAX_HEAD} bytes")
                return
            data = _without_upgrade(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:
            """CONNECT; the application refuses it like any other method."""
        except HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
            return
        if self._body is not None:  # the rest of it is still on its way
            self._hand_on()

    def on_message_begin(self) -> None:
        """Leave the scope for later: a request that is answered at once has one of its own."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        self._head = None
        if self._may_be_answered_at_once():
            self._body = b""
        else:
            self._hand_on()

    def on_body(self, body: bytes) -> None:
        if self._body is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        self._head = 0
        if self._body is not None:
            if self._answered_at_once(self._body):
                self._body = None
                return
            self._hand_on()
        super().on_message_complete()

    def shutdown(self) -> None:
        """End the open streams of the application, which would hold up the server's end."""
        if isinstance(self.app, App):
            self.app.streams.close()
        self._outbox.flush()
        super().shutdown()

    def _may_be_answered_at_once(self) -> bool:
        """Whether the request is for the emulated API and simple enough, if all of it is here."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and _PLAIN.fullmatch(self.url) is not None
            and self.parser.get_method() in _METHODS
            and self.parser.should_keep_alive()
            and self.parser.get_http_version() == "1.1"
            and not self.expect_100_continue
            and self._emulation is not None
        )

    def _answered_at_once(self, body: bytes) -> bool:
        if self._emulation is None or self.flow.write_paused:  # the client does not read
            return False
        scope = self._plain_scope.copy()
        scope["method"] = _METHODS[self.parser.get_method()]
        scope["path"] = self.url.decode("ascii")
        scope["raw_path"] = self.url
        scope["headers"] = self.headers
        handling = self._emulation.begin(scope, body)
        if handling.step is not None or handling.end is None:
            self._started = handling
            return False
        if handling.end is DROP:
            self.transport.abort()
        else:
            self._write(*handling.end)
        return True

    def _write(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer, headers unchecked."""
        head = STATUS_LINE[status] + self._default_headers() + _lines(headers)
        self._outbox.put(self.transport, head + b"\r\n" + body)
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None:
            self._set_keep_alive()

    def _set_keep_alive(self) -> None:
        self._heard = False
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it was silent since the timer was set.

        One timer a connection, which looks back when it is due, instead of one for each request.
        """
        if self._heard:
            self._set_keep_alive()
        else:
            super().timeout_keep_alive_handler()

    def _default_headers(self) -> bytes:
        """The server's own headers, written anew when it has changed them: once a second."""
        dated = self.server_state.default_headers
        if dated is not self._dated:
            self._dated = dated
            self._date = _lines(dated)
        return self._date

    def _hand_on(self) -> None:
        """Let uvicorn serve the request, whose head is complete, with as much body as there is."""
        self._unset_keepalive_if_required()
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        body, self._body = self._body, None
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers
        extensions: dict[Any, Any] = {ABORT: self.transport.abort}
        if self._started is not None:
            extensions[STARTED], self._started = self._started, None
        self.scope["extensions"] = extensions
        super().on_headers_complete()
        if body:
            super().on_body(body)

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
        self._outbox.flush()
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + _lines(headers) + b"\r\n" + body)
        self.transport.close()


def _lines(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % each for each in headers])


def _without_upgrade(data: bytes) -> bytes:
    """`data` with an offer to change the protocol renamed, which declines it.

    Java's HttpClient makes one with every request; the parser would take the body that follows
    for the first bytes of that protocol, and the application would never see it.
    """
    if data.find(b"pgrade") < 0:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"x-offer", head) + end + rest
