"""A connection to the mock without a socket: requests come out of bytes, answers go into them.

Bytes are read and written by the same code as on the server's connections, so a library that
speaks HTTP itself meets the same framing, and its own parser says what it thinks of the rest.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterator

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.http1.answer import Framing, refusal
from mock_mindvideo.http1.reader import Head, Reader
from mock_mindvideo.transports.answering import find, serving
from mock_mindvideo.transports.embedded import Body, Disconnected, Embedded, embedded_scope
from mock_mindvideo.transports.patience import aside
from mock_mindvideo.transports.stepping import SteppedRun
from mock_mindvideo.web.answers import Scope

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class LineRequest:
    """A request whose head has come; `whole` once its body has."""

    __slots__ = ("body", "expecting", "framing", "scope", "whole")

    def __init__(self, head: Head, scheme: str) -> None:
        path, query, _ = head.target
        raw = path + b"?" + query if query else path
        self.scope: Scope = embedded_scope(head.method, raw, head.headers, scheme)
        self.framing = Framing(head.method, head.version, keep_alive=head.keep_alive)
        expected = head.fields.get(b"expect", b"").lower()
        self.expecting = head.version == "1.1" and expected == b"100-continue"
        self.body = bytearray()
        self.whole = False


class Line:
    """The mock's end of one connection to `host`, which is asked for anew with each request.

    `problem` is what ended the reading, once that is no HTTP.
    """

    def __init__(self, host: str, port: int | None, scheme: str) -> None:
        self._address = (host, port)
        self._scheme = scheme
        self._reader = Reader(self)
        self._arriving: LineRequest | None = None
        self._whole: deque[LineRequest] = deque()
        self.problem: InvalidHttp | None = None

    @property
    def open(self) -> bool:
        """Whether the mock still answers for the address."""
        return find(*self._address) is not None

    @property
    def expecting(self) -> bool:
        """Whether a client waits to be told that it may send the body."""
        return self._arriving is not None and self._arriving.expecting

    def embedded(self) -> Embedded:
        """Who answers; raises Disconnected where nobody does any more."""
        found = serving(*self._address)
        if found is None:
            raise Disconnected("the mock does not answer any more")
        return found

    def feed(self, data: bytes) -> Iterator[LineRequest]:
        """The requests that are whole now."""
        try:
            self._reader.feed(data)
        except InvalidHttp as problem:
            self.problem = problem
        while self._whole:
            yield self._whole.popleft()

    def expected(self) -> LineRequest | None:
        """The request of that client; told once."""
        request = self._arriving if self.expecting else None
        if request is not None:
            request.expecting = False
        return request

    def refusal(self) -> bytes:
        """The last answer of the connection, to what cannot be read; empty if there is none."""
        if self.problem is None:
            return b""
        found = serving(*self._address)
        if found is None:
            return b""
        to_head = self._reader.method == "HEAD"
        return refusal(self.problem, found.app.dialect, b"", to_head=to_head)

    def close(self) -> None:
        """Nothing more comes."""
        self._reader.close()

    def on_head(self, head: Head) -> None:
        self._arriving = LineRequest(head, self._scheme)

    def on_data(self, data: bytes) -> None:
        assert self._arriving is not None  # noqa: S101 - its head has come
        self._arriving.body += data

    def on_end(self) -> None:
        assert self._arriving is not None  # noqa: S101 - its head has come
        self._arriving.whole, self._arriving.expecting = True, False
        self._whole.append(self._arriving)
        self._arriving = None


class LineAnswer:
    """The answer to one request, as bytes in pieces. Reading raises TimedOut and Disconnected.

    `timeout` is in seconds, that of the next wait, and may be changed between pieces.
    """

    def __init__(self, embedded: Embedded, run: SteppedRun, framing: Framing) -> None:
        self.embedded = embedded
        self._run = run
        self._framing = framing
        self._length: int | None = None
        self.timeout: float | None = None

    @property
    def keep_alive(self) -> bool:
        """Whether the connection can go on after it."""
        return self._framing.keep_alive

    @property
    def unfinished(self) -> bool:
        """Whether it comes in pieces, and more of them."""
        return self._run.in_pieces and self._run.given != self._length

    @property
    def blocking(self) -> bool:
        """Whether leaving may block."""
        return self._run.handling.blocking

    def __iter__(self) -> Iterator[bytes]:
        body = self.embedded.begin(self._run, self.timeout)
        yield self._head(body)
        body.timeout = self.timeout
        for piece in body:
            yield self._framed(piece)
            body.timeout = self.timeout
        yield self._framing.end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = await self.embedded.begin_async(self._run, self.timeout)
        yield self._head(body)
        body.timeout = self.timeout
        async for piece in body:
            yield self._framed(piece)
            body.timeout = self.timeout
        yield self._framing.end()

    def leave(self) -> None:
        """The client has left; what the mock does without it has been done, or is held."""
        self._run.leave()

    async def aclose(self) -> None:
        """The same where an event loop must not be held up."""
        await aside(self.leave, blocking=self.blocking)

    def _head(self, body: Body) -> bytes:
        lengths = [int(value) for name, value in self._run.headers if name == b"content-length"]
        self._length = lengths[0] if lengths else None
        head = self._framing.head(self._run.status, list(self._run.headers), b"")
        first, body.pending = body.pending, None
        return head + (self._framed(first) if first else b"")

    def _framed(self, piece: bytes) -> bytes:
        return b"".join(self._framing.data(piece))
