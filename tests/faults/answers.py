"""Reading the answers on a raw socket, as many as come."""

import re
import socket
from typing import NamedTuple

_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*([0-9]+)[ \t]*\r\n")


class Answer(NamedTuple):
    """One answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Closed(Exception):
    """The server closed the connection between two answers."""


class Answers:
    """The answers on one connection, in their order."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def next(self, method: str) -> Answer:
        """The answer to a request of that method; raises Closed, and TimeoutError."""
        while True:
            head = self._until(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            if status >= 200:  # 100 Continue announces the answer that follows
                break
        sized = _LENGTH.search(head)
        bare = method == "HEAD" or status in (204, 304)
        body = b"" if bare or sized is None else self._bytes(int(sized[1]))
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:-2]]
        named = {name.decode().lower(): value.strip().decode() for name, _, value in lines}
        return Answer(status, named, body)

    def rest(self) -> bytes:
        """Whatever else comes until the server closes."""
        while more := self._connection.recv(65536):
            self._buffer += more
        return self._buffer

    def rest_of_chunks(self) -> bytes:
        """Whatever else comes of an answer in chunks, with their sizes, to its last one."""
        while not self._buffer.endswith(b"\r\n0\r\n\r\n"):
            self._receive()
        return self._buffer

    def _until(self, end: bytes) -> bytes:
        while (at := self._buffer.find(end)) < 0:
            self._receive()
        return self._take(at + len(end))

    def _bytes(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._receive()
        return self._take(count)

    def _receive(self) -> None:
        try:
            more = self._connection.recv(65536)
        except ConnectionResetError:
            more = b""
        if not more:
            raise Closed(self._buffer[:200])
        self._buffer += more

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken
