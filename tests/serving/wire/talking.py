"""A connection that says bytes and hears answers, nothing between them."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from mock_mindvideo import MockServer

_HEAD = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n")


class Heard(NamedTuple):
    """One answer: its status, its headers without date, its body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Talk:
    """One connection to a server."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._heard = b""

    def say(self, said: bytes) -> None:
        """Send one segment."""
        self._connection.sendall(said)

    def hear(self, *, bodiless: bool = False) -> Heard:
        """The next answer, whose length is in its head; an answer to HEAD is `bodiless`."""
        while (head := _HEAD.match(self._heard)) is None:
            self._listen()
        lines = [line.decode().split(": ", 1) for line in head[2].splitlines()]
        headers = {name: value for name, value in lines if name != "date"}
        end = head.end() + (0 if bodiless else int(headers.get("content-length", "0")))
        while len(self._heard) < end:
            self._listen()
        body, self._heard = self._heard[head.end() : end], self._heard[end:]
        if int(head[1]) == 100:
            return self.hear()
        return Heard(int(head[1]), headers, body)

    def rest(self) -> bytes:
        """Everything until the server closes."""
        while got := self._connection.recv(65536):
            self._heard += got
        return self._heard

    def _listen(self) -> None:
        got = self._connection.recv(65536)
        if not got:
            raise EOFError(f"the server closed after {self._heard!r}")
        self._heard += got


@contextmanager
def talking(server: MockServer) -> Iterator[Talk]:
    """A connection to the server; its segments leave as they are said."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Talk(connection)


def request(
    method: str, path: str, body: bytes = b"", world: str = "default", **headers: str
) -> bytes:
    """A request's bytes; `headers` are written with dashes for underscores."""
    known = {"Host": "127.0.0.1", "Authorization": f"Bearer mv_test_{world}"}
    if body:
        known |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    known |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}\r\n" for name, value in known.items()]
    return f"{method} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body
