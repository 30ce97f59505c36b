"""What h11, which nobody here wrote, makes of the bytes of a connection."""

from typing import NamedTuple

import h11

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.http1.reader import Head, Reader

Headers = tuple[tuple[bytes, bytes], ...]


class Read(NamedTuple):
    """One request as a parser understood it."""

    method: bytes
    target: bytes
    headers: Headers
    body: bytes


class Reading(NamedTuple):
    """All whole requests of a connection, and whether what follows them was refused or is nobody's.

    `over` is neither where the parser would go on reading.
    """

    requests: list[Read]
    over: bool


_OVER = (h11.MUST_CLOSE, h11.CLOSED, h11.ERROR, h11.SWITCHED_PROTOCOL)


def by_h11(pieces: list[bytes]) -> Reading:
    """As h11 reads them."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=64 * 1024)
    found: list[Read] = []
    try:
        for piece in pieces:
            connection.receive_data(piece)
            _read_on(connection, found)
    except h11.RemoteProtocolError:
        return Reading(found, over=True)
    finally:
        _unfinished.pop(connection, None)
    return Reading(found, over=connection.our_state in _OVER)


def _read_on(connection: h11.Connection, found: list[Read]) -> None:
    request, body = _unfinished.pop(connection, (None, b""))
    while True:
        event = connection.next_event()
        match event:
            case h11.Request():
                request, body = event, b""
            case h11.Data():
                body += bytes(event.data)
            case h11.EndOfMessage() if request is not None:
                headers = tuple((bytes(name), bytes(value)) for name, value in request.headers)
                found.append(Read(bytes(request.method), bytes(request.target), headers, body))
                if not _go_on(connection):
                    return
            case _:
                _unfinished[connection] = (request, body)
                return


#: What had come of a request when the last piece ended.
_unfinished: dict[h11.Connection, tuple[h11.Request | None, bytes]] = {}


def _go_on(connection: h11.Connection) -> bool:
    """Answer, since h11 reads the next request after that only; whether there may be one."""
    connection.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
        return False
    connection.start_next_cycle()
    return True


class _Sink:
    """Writes down what the reader tells."""

    def __init__(self) -> None:
        self.found: list[Read] = []

    def on_head(self, head: Head) -> None:
        self.head, self.body = head, b""

    def on_data(self, data: bytes) -> None:
        self.body += data

    def on_end(self) -> None:
        path, query, authority = self.head.target
        target = path + (b"?" + query if query else b"")
        named = b"" if authority is None else b"http://" + authority
        read = Read(self.head.method.encode(), named + target, tuple(self.head.headers), self.body)
        self.found.append(read)


def by_reader(pieces: list[bytes]) -> Reading:
    """As the mock reads them."""
    sink = _Sink()
    reader = Reader(sink)
    try:
        for piece in pieces:
            for start in range(0, len(piece), 4096):
                reader.feed(piece[start : start + 4096])
    except InvalidHttp:
        return Reading(sink.found, over=True)
    return Reading(sink.found, over=reader.ended)
