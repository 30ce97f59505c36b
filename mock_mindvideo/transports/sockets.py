"""A socket that leads to the mock in this process, as far as HTTP libraries use sockets.

Whoever reads from it lets the mock go on: as far as has been read, and no further.
"""

import io
import os
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from mock_mindvideo.transports.embedded import CLIENT, Disconnected, TimedOut
from mock_mindvideo.transports.line import CONTINUE, Line, LineAnswer, LineRequest
from mock_mindvideo.transports.stepping import SteppedRun


class MockSocket:
    """What `socket.socket` and `ssl.SSLSocket` give to a client that has connected."""

    def __init__(self, host: str, port: int | None, scheme: str, timeout: float | None) -> None:
        self._line = Line(host, port, scheme)
        self._peer = (host, port or (443 if scheme == "https" else 80))
        self._timeout = timeout
        self._slow = "The read operation timed out" if scheme == "https" else "timed out"
        self._answers: deque[LineAnswer] = deque()
        self._early: tuple[LineRequest, SteppedRun | None] | None = None
        self._pieces = self._read()
        self._here = memoryview(b"")
        self._over = self._closed = False
        self._files = 0

    # Sending.

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send; a request that is whole then is carried out, as far as it goes by itself."""
        self._check_open()
        if not self._line.open or self._over:
            raise BrokenPipeError(32, "Broken pipe")
        for request in self._line.feed(bytes(data)):
            self._answers.append(self._begin(request))

    def send(self, data: Any, flags: int = 0) -> int:
        self.sendall(data, flags)
        return memoryview(data).nbytes

    def _begin(self, request: LineRequest) -> LineAnswer:
        early, self._early = self._early, None
        embedded = self._line.embedded()
        run = early[1] if early is not None and early[0] is request else None
        if run is None:
            run = embedded.run(request.scope, bytes(request.body))
        else:
            run.body = bytes(request.body)
        return LineAnswer(embedded, run, request.framing)

    # Receiving.

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read what there is, or wait for it as the world does; raises TimeoutError."""
        self._check_open()
        view = memoryview(buffer).cast("B")
        if not self._here and not self._over:
            self._fill()
        size = min(nbytes or len(view), len(view), len(self._here))
        view[:size], self._here = self._here[:size], self._here[size:]
        return size

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        buffer = bytearray(bufsize)
        return bytes(buffer[: self.recv_into(buffer)])

    read = recv

    def _fill(self) -> None:
        try:
            self._here = memoryview(next(self._pieces, b""))
        except TimedOut:
            raise TimeoutError(self._slow) from None
        except Disconnected:
            self._here = memoryview(b"")
        self._over = not self._here

    def _read(self) -> Iterator[bytes]:
        """What the mock sends, until it closes the connection; raises TimedOut, Disconnected."""
        while True:
            if self._answers:
                answer = self._answers[0]
                yield from self._read_answer(answer)
                self._answers.popleft()
                if not answer.keep_alive:
                    return
            elif self._line.problem is not None:
                yield self._line.refusal()
                return
            elif (request := self._line.expected()) is not None:
                if told := self._answer_early(request):
                    yield told
            else:
                raise TimedOut  # nothing was asked

    def _read_answer(self, answer: LineAnswer) -> Iterator[bytes]:
        answer.timeout = self._timeout
        for piece in answer:
            if piece:
                yield piece
            answer.timeout = self._timeout

    def _answer_early(self, request: LineRequest) -> bytes:
        """Tell that the body may come, unless the answer is known without it."""
        embedded = self._line.embedded()
        run = embedded.run_early(request.scope)
        if run is None or not run.decided:
            self._early = (request, run)
            return CONTINUE
        request.framing.keep_alive = False
        self._answers.append(LineAnswer(embedded, run, request.framing))
        return b""

    # Being a file.

    def makefile(self, mode: str = "r", buffering: int | None = None, **kind: Any) -> Any:
        """A file to read from; the connection is open until the last one is closed."""
        self._files += 1
        raw = _Raw(self, mode)
        if buffering == 0:
            return raw
        size = buffering if buffering and buffering > 0 else io.DEFAULT_BUFFER_SIZE
        if "w" in mode:
            both = "r" in mode
            file: Any = io.BufferedRWPair(raw, raw, size) if both else io.BufferedWriter(raw, size)
        else:
            file = io.BufferedReader(raw, size)
        return file if "b" in mode else io.TextIOWrapper(file, **kind)

    def file_closed(self) -> None:
        self._files -= 1
        if self._closed:
            self.close()

    def close(self) -> None:
        """Close, once the files are."""
        self._closed = True
        if self._files <= 0:
            self._hang_up()

    def shutdown(self, how: int = 2) -> None:
        """Whoever still reads has come to the end."""
        self._hang_up()

    def detach(self) -> int:
        self.close()
        return -1

    def _hang_up(self) -> None:
        """The client has left, whatever is under way."""
        self._over = True
        answers, self._answers = self._answers, deque()
        for answer in answers:
            answer.leave()
        early, self._early = self._early, None
        if early is not None and early[1] is not None:
            early[1].leave()

    def _check_open(self) -> None:
        if self._closed and self._files <= 0:
            raise OSError(9, "Bad file descriptor")

    # What is asked of it beside.

    def settimeout(self, value: float | None) -> None:
        self._timeout = value

    def gettimeout(self) -> float | None:
        return self._timeout

    @property
    def timeout(self) -> float | None:
        return self._timeout

    def setblocking(self, flag: bool) -> None:
        self._timeout = None if flag else 0.0

    def setsockopt(self, *_: Any) -> None:
        """There is nothing to tune."""

    def getsockopt(self, *_: Any) -> int:
        return 0

    def fileno(self) -> int:
        """A descriptor for `select`: readable once the mock has closed the connection."""
        if self._closed and self._files <= 0:
            return -1
        ready = self._over or bool(self._here) or not self._line.open
        return _descriptors()[ready]

    def getpeername(self) -> tuple[str, int]:
        return self._peer

    def getsockname(self) -> tuple[str, int]:
        return CLIENT

    def getpeercert(self, binary_form: bool = False) -> Any:
        return b"" if binary_form else {}

    def version(self) -> str:
        return "TLSv1.3"

    def cipher(self) -> None:
        return None

    def selected_alpn_protocol(self) -> str:
        return "http/1.1"

    def pending(self) -> int:
        return len(self._here)

    def unwrap(self) -> "MockSocket":
        return self

    def __enter__(self) -> "MockSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Raw(io.RawIOBase):
    """The bytes of a socket as a file."""

    def __init__(self, socket: MockSocket, mode: str) -> None:
        self._socket = socket
        self._mode = mode

    def readable(self) -> bool:
        return "r" in self._mode or "w" not in self._mode

    def writable(self) -> bool:
        return "w" in self._mode

    def readinto(self, buffer: Any) -> int:
        return self._socket.recv_into(buffer)

    def write(self, data: Any) -> int:
        return self._socket.send(data)

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._socket.file_closed()


@cache
def _descriptors() -> tuple[int, int]:
    """Two ends of pipes for all connections of the process: one silent for ever, one at its end."""
    silent, _ = os.pipe()
    ended, other = os.pipe()
    os.close(other)
    return silent, ended
