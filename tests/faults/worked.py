"""How much of the processor a server takes from a poll to its answer.

What a machine does besides makes every wait longer, but takes nothing of that: while somebody
floods the server it is busy all the time, so this is how long others are served first.
"""

import socket
import time
from statistics import median

from tests.faults.client import TASKS

#: Seconds between two polls, so that they are not a load of their own.
APART = 0.001


class Bystander:
    """A client that polls one task on one connection."""

    def __init__(self, port: int, key: str, task_id: str) -> None:
        head = (
            f"GET {TASKS}/{task_id} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {key}\r\n\r\n"
        )
        self._request = head.encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def poll(self) -> None:
        """Until the answer has come whole."""
        self._socket.sendall(self._request)
        heard = b""
        while not _is_whole(heard):
            piece = self._socket.recv(65536)
            assert piece, heard
            heard += piece
        assert heard.startswith(b"HTTP/1.1 200 "), heard

    def worked(self, server: int, polls: int) -> float:
        """Milliseconds that the process `server` works during half of so many polls at most."""
        clock, took = _clock_of(server), []
        for _ in range(polls):
            time.sleep(APART)
            began = time.clock_gettime(clock)
            self.poll()
            took.append((time.clock_gettime(clock) - began) * 1000)
        return median(took)

    def close(self) -> None:
        self._socket.close()


def _is_whole(heard: bytes) -> bool:
    head, ended, body = heard.partition(b"\r\n\r\n")
    if not ended:
        return False
    lines = dict(line.split(b": ", 1) for line in head.splitlines()[1:])
    return len(body) >= int(lines[b"content-length"])


def _clock_of(process: int) -> int:
    """The clock of all that a process works, of all its threads (`clock_getcpuclockid`)."""
    return (~process << 3) | 2
