"""What is kept of a body that comes: none of one that had to make room, or whose client left."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo import MockServer
from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.web import bodies
from mock_mindvideo.web.incoming import BODIES, IncomingBody

#: Bytes that one body may have at most here.
MOST = 4 * LONG


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.001)


class Client:
    """Sends pieces of a body, and then stops, ends or leaves."""

    def __init__(self, pieces: list[int], end: str) -> None:
        self._pieces = [*pieces]
        self._end = end

    @property
    def quiet(self) -> bool:
        """Whether nothing more comes."""
        return not self._pieces

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        if self._pieces:
            size = self._pieces.pop(0)
            more = bool(self._pieces) or self._end != "ends"
            return {"type": "http.request", "body": b"x" * size, "more_body": more}
        if self._end == "leaves":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError("nobody has set it")


def kept(body: IncomingBody) -> int:
    return sum(map(len, body._pieces))


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(60):
            await main()

    asyncio.run(within())


Readers = dict[str, Callable[[IncomingBody], Coroutine[Any, Any, object]]]

#: The two who take a body: who needs it, and who waits for something else meanwhile.
READERS: Readers = {"reading": IncomingBody.read, "waiting": IncomingBody.hear_until_left}


@pytest.mark.parametrize("reader", READERS)
def test_of_bodies_that_stop_no_more_is_kept_than_the_bound_of_all(reader: str) -> None:
    async def main() -> None:
        clients = [Client([LONG] * 3, "stops") for _ in range(10 * BODIES)]
        stopped = [IncomingBody(each.receive, MOST) for each in clients]
        tasks = [asyncio.create_task(READERS[reader](each)) for each in stopped]
        while not all(
            body.refused or each.quiet for body, each in zip(stopped, clients, strict=True)
        ):
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        refused = [each for each in stopped if each.refused]
        assert refused
        assert sum(map(kept, refused)) == 0
        assert sum(map(kept, stopped)) <= MOST * (BODIES + 1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for body in stopped:
            body.let_go()

    run(main)


@given(
    st.lists(st.integers(0, 2 * LONG), max_size=5),
    st.sampled_from(["ends", "leaves"]),
)
def test_a_body_is_read_whole_or_not_at_all(pieces: list[int], end: str) -> None:
    async def main() -> None:
        body = IncomingBody(Client(pieces or [0], end).receive, MOST)
        read = await body.read()
        if end == "ends" and sum(pieces) <= MOST:
            assert read == b"x" * sum(pieces)
        elif sum(pieces) > MOST:
            assert read is not None
            assert len(read) > MOST
        else:
            assert read is None
        body.let_go()

    run(main)


@pytest.mark.parametrize(
    "path", ["estimate", "scripts", "clock", "reset", "credit", "uploads", "keys"]
)
def test_who_closes_its_side_in_the_middle_of_a_body_is_told_and_no_failure_is_logged(
    server: MockServer, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            f"POST /_mock/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: video/mp4\r\n"
            "Content-Length: 1000\r\n\r\nabc".encode()
        )
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"the body breaks off before its end" in answer
    assert "Traceback" not in caplog.text
