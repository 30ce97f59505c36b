"""What a second parser, h11, reads in the bytes of one connection."""

from dataclasses import dataclass, field

import h11

#: h11 bounds a head as the mock does, so that both give up at about the same size.
MOST = 64 * 1024


@dataclass
class Request:
    """One request as it was read."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each == name]


@dataclass
class Reading:
    """All that was read: whole requests, then why reading ended."""

    requests: list[Request] = field(default_factory=list)
    #: The request whose head was read, and whose body is no HTTP or not whole.
    begun: Request | None = None
    #: "refused" what follows is no HTTP, "closing" the client asked for it, "incomplete" it has
    #: not come whole.
    end: str = "incomplete"
    why: str = ""


def read(sent: bytes) -> Reading:
    """Read everything that a client sent on one connection."""
    reading = Reading()
    try:
        while reading.end == "incomplete" and sent:
            # Empty lines before a request are skipped (RFC 9112 2.2); h11 refuses them.
            sent = _read_one(sent.lstrip(b"\r\n"), reading)
    except h11.RemoteProtocolError as problem:
        reading.end, reading.why = "refused", str(problem)
    return reading


def _read_one(sent: bytes, reading: Reading) -> bytes:
    """Read one request; what comes after it, nothing where it is not whole."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST)
    connection.receive_data(sent)
    head = connection.next_event()
    if not isinstance(head, h11.Request):
        return b""
    request = Request(
        head.method.decode(),
        head.target.decode("latin-1"),
        [(name.decode(), value.decode("latin-1")) for name, value in head.headers],
    )
    reading.begun = request
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if not isinstance(event, h11.Data):
            return b""
        request.body += event.data
    reading.requests.append(request)
    reading.begun = None
    _answer(connection)
    if connection.our_state in (h11.MUST_CLOSE, h11.CLOSED):
        reading.end = "closing"
    return connection.trailing_data[0]


def _answer(connection: h11.Connection) -> None:
    """Answer as the mock would frame it, which tells whether the connection is to go on."""
    connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
    connection.send(h11.EndOfMessage())
