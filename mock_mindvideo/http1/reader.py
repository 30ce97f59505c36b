"""The one reading of the bytes of a connection: requests, however TCP cut them.

httptools (llhttp) parses. Decided here: an offer to change the protocol is declined, so that the
body after it stays a body; trailers are dropped (RFC 9110, 6.5.1); what is neither a head nor the
data of a body is bounded; and after the last request of a connection nothing is read.
"""

from typing import Protocol

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.http1.target import PLAIN, Target, read_target, with_host
from mock_mindvideo.web.headers import Headers

#: Bytes of a request line and its headers together, and of what surrounds the data of a body:
#: sizes of chunks, their extensions, trailers.
MAX_HEAD = 64 * 1024

#: How a client of https:// begins.
_TLS = b"\x16\x03"

#: Bytes that the size of a chunk may take without counting, with its line breaks.
_CHUNK_SIZE = 16


class Head:
    """The head of a request. Header names are lower case, values without space around them.

    `plain` is whether it is for the emulated API, with nothing in its target to decode or split.
    `fields` has one value for each name; `caller` is who asks, as its `Authorization` says;
    `keep_alive`, whether another request may follow.
    """

    __slots__ = (
        "caller", "fields", "headers", "keep_alive", "method", "plain", "target", "version",
    )  # fmt: skip

    def __init__(
        self, method: str, url: bytes, version: str, headers: Headers, *, keep_alive: bool
    ) -> None:
        self.method = method
        self.version = version
        self.keep_alive = keep_alive
        self.plain = PLAIN.fullmatch(url) is not None
        self.target: Target = (url, b"", None) if self.plain else read_target(method, url)
        named = self.target[2]
        self.headers = headers if named is None else with_host(headers, named)
        self.fields = dict(self.headers)
        self.caller = self.fields.get(b"authorization", b"")
        if b"transfer-encoding" in self.fields or version != "1.1":
            self._check_framing()

    def _check_framing(self) -> None:
        if self.version not in ("1.1", "1.0"):
            raise InvalidHttp(f"the server speaks HTTP/1.1, not HTTP/{self.version}")
        self.keep_alive = self.keep_alive and self.version != "1.0"
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if codings and (codings != [b"chunked"] or self.version == "1.0"):
            raise InvalidHttp("Transfer-Encoding can only be chunked, and only in HTTP/1.1")


class Sink(Protocol):
    """Who is told of each request: its head, the data of its body in pieces, its end."""

    def on_head(self, head: Head) -> None: ...
    def on_data(self, data: bytes) -> None: ...
    def on_end(self) -> None: ...


class Reader:
    """Reads the requests of one connection and tells `sink`.

    `in_head` and `in_body` say where it is; `ended`, that it reads no more.
    """

    __slots__ = (
        "_declining",
        "_headers",
        "_keep_alive",
        "_parser",
        "_problem",
        "_resuming",
        "_room",
        "_sink",
        "_url",
        "ended",
        "in_body",
        "in_head",
    )

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._parser: HttpRequestParser | None = None
        self._room = MAX_HEAD
        self._declining = self._resuming = False
        self._keep_alive = True
        self._problem: InvalidHttp | None = None
        self._url = b""
        self._headers: Headers = []
        self.in_head = self.in_body = self.ended = False

    @property
    def method(self) -> str | None:
        """The method of the request that is read, or was read last; None if it is not known."""
        parser = self._parser
        return parser.get_method().decode("ascii") if parser and self._url else None

    def feed(self, data: bytes | memoryview) -> None:
        """Read on. Raises InvalidHttp where it is no HTTP, and reads no more after that."""
        if self.ended:
            return
        parser = self._parser or self._new_parser()
        self._room = (self._room if self._room < MAX_HEAD else MAX_HEAD) - len(data)
        try:
            parser.feed_data(data)
        except (HttpParserUpgrade, HttpParserError) as stop:
            self._stopped(stop, memoryview(data))
        if self._room < 0:
            self.ended = True
            raise InvalidHttp(self._excess())

    def rest(self) -> None:
        """Let go of the parser between two requests: it takes as much as a waiting request does."""
        if not (self.in_head or self.in_body or self.ended):
            self._parser, self._url = None, b""

    def close(self) -> None:
        """Read no more, and let go of the parser and the sink, which refer back to this."""
        self.ended = True
        del self._parser, self._sink

    def _new_parser(self) -> HttpRequestParser:
        self._parser = HttpRequestParser(self)
        return self._parser

    def _stopped(self, stop: HttpParserUpgrade | HttpParserError, data: memoryview) -> None:
        """Go on where an offer stopped the parser; raises InvalidHttp where anything else did."""
        if isinstance(stop, HttpParserUpgrade):
            self._decline(data[stop.args[0] :])
        elif not self.ended:  # what comes after the last request is nobody's
            self.ended = True
            if isinstance(stop, HttpParserCallbackError):
                raise self._problem or stop from None
            if bytes(data[: len(_TLS)]) == _TLS:
                raise InvalidHttp("this is TLS: the server speaks plain HTTP, at http://") from None
            raise InvalidHttp(f"this is no HTTP request: {stop}") from None

    def _excess(self) -> str:
        if self.in_body:
            return f"over {MAX_HEAD} bytes of the request's body are no data but what surrounds it"
        return f"the request's head is over {MAX_HEAD} bytes"

    def _decline(self, rest: memoryview) -> None:
        """Read on in HTTP/1.1 after a head that offers another protocol.

        The parser takes such a request for whole and leaves the rest alone; another one, told how
        the body is framed, reads it.
        """
        self._declining, self._resuming = False, True
        parser = self._new_parser()
        framing = [
            b"%b: %b\r\n" % (name, value)
            for name, value in self._headers
            if name in (b"content-length", b"transfer-encoding")
        ]
        closing = b"" if self._keep_alive else b"Connection: close\r\n"
        parser.feed_data(b"POST / HTTP/1.1\r\n%b%b\r\n" % (b"".join(framing), closing))
        try:
            parser.feed_data(rest)
        except (HttpParserUpgrade, HttpParserError) as stop:
            self._stopped(stop, rest)

    def on_message_begin(self) -> None:
        self.in_head = True
        self._url = b""
        self._headers = []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value.strip()))

    def on_headers_complete(self) -> None:
        self.in_head, self.in_body = False, True
        if self._resuming:
            self._resuming = False
            return
        parser, headers = self._parser, self._headers
        assert parser is not None  # noqa: S101 - it is the one that calls
        self._declining = parser.should_upgrade()
        self._keep_alive = parser.should_keep_alive()
        method, version = parser.get_method().decode("ascii"), parser.get_http_version()
        try:
            head = Head(method, self._url, version, headers, keep_alive=self._keep_alive)
        except InvalidHttp as problem:  # the parser tells of it, not what it was
            self._problem = problem
            raise
        self._sink.on_head(head)
        self._headers = headers if self._declining else []  # trailers are dropped with this list

    def on_chunk_header(self) -> None:
        self._room += _CHUNK_SIZE

    def on_body(self, data: bytes) -> None:
        self._room += len(data) * 3  # whoever sends a chunk for each byte is slow, but honest
        self._sink.on_data(data)

    def on_message_complete(self) -> None:
        if self._declining:
            return
        self.in_body = False
        self.ended = not self._keep_alive
        self._room = MAX_HEAD
        self._sink.on_end()
