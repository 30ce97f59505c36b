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
    #: "refused" what follows is no HTTP, "closing" the client asked for it, "incomplete" it has
    #: not come whole.
    end: str = "incomplete"
    why: str = ""


def read(sent: bytes) -> Reading:
    """Read everything that a client sent on one connection."""
    reading = Reading()
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST)
    connection.receive_data(sent)
    try:
        while reading.end == "incomplete" and _read_one(connection, reading):
            """One more request was whole."""
    except h11.RemoteProtocolError as problem:
        reading.end, reading.why = "refused", str(problem)
    return reading


def _read_one(connection: h11.Connection, reading: Reading) -> bool:
    """Read one request; False where there is no whole one."""
    head = connection.next_event()
    if head is h11.NEED_DATA or not isinstance(head, h11.Request):
        return False
    request = Request(
        head.method.decode(),
        head.target.decode("latin-1"),
        [(name.decode(), value.decode("latin-1")) for name, value in head.headers],
    )
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            return False
        assert isinstance(event, h11.Data), event
        request.body += event.data
    reading.requests.append(request)
    _answer(connection)
    if connection.our_state is h11.MUST_CLOSE or connection.our_state is h11.CLOSED:
        reading.end = "closing"
        return False
    if connection.their_state is h11.MIGHT_SWITCH_PROTOCOL:
        raise AssertionError("the mock never changes the protocol")
    connection.start_next_cycle()
    return True


def _answer(connection: h11.Connection) -> None:
    """Answer as the mock would frame it, so that h11 goes on to the next request."""
    connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
    connection.send(h11.EndOfMessage())
