"""That a client has left is known in time, however it leaves; and old clients are served too."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from uvicorn.server import ServerState

from mock_mindvideo import MockServer, Settings, create_app
from mock_mindvideo.fences.uvicorn import ServerSide
from mock_mindvideo.serving.configuration import configuration
from mock_mindvideo.serving.wire import Protocol
from tests.conftest import TASKS, example

from .alone import Transport
from .talking import request, talking

GOOD = json.dumps(example()).encode()


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        yield connection


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)


LEAVING = [socket.socket.close, reset, half_close]


def until(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not check():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


@pytest.mark.parametrize("leave", LEAVING)
@pytest.mark.parametrize("behind", [b"", b"x" * 300_000], ids=["", "and 300 kB behind it"])
def test_a_request_that_is_delayed_for_years_ends_with_its_client(
    server: MockServer, leave: Callable[[socket.socket], None], behind: bytes
) -> None:
    """What comes behind the request fills the buffers, so that reading has been paused."""
    tasks = server._server.server_state.tasks
    before = tasks.copy()  # of clients of other tests, which end when they end
    with connected(server) as connection:
        connection.sendall(request("GET", f"{TASKS}/x", X_Mock_Script="delay=900") * 2 + behind)
        until(lambda: bool(tasks.copy() - before))
        leave(connection)
        until(lambda: not tasks.copy() - before)


def test_what_is_no_http_is_told_to_nobody_when_its_client_has_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = Settings(log_level="warning")
    app = create_app(given)

    async def leave_before_the_answer() -> None:
        config = configuration(given, app)
        config.load()
        state = ServerState()
        connection = Protocol(ServerSide(config, state))
        connection.connection_made(Transport())  # type: ignore[arg-type]
        connection.data_received(request("DELETE", f"{TASKS}/x") + b"{}\r\n\r\n")
        connection.connection_lost(None)
        await asyncio.gather(*state.tasks)

    asyncio.run(leave_before_the_answer())
    assert [each.exc_info for each in caplog.records if each.exc_info] == []


@pytest.mark.parametrize("leave", LEAVING)
def test_a_stream_ends_with_its_client(
    server: MockServer, leave: Callable[[socket.socket], None]
) -> None:
    before = len(server.app.open_streams)
    with talking(server) as talk:
        talk.say(request("POST", TASKS, GOOD, "leaving"))
        task = json.loads(talk.hear().body)["task_id"]
    with connected(server) as connection:
        connection.sendall(request("GET", f"{TASKS}/{task}/events", world="leaving"))
        until(lambda: len(server.app.open_streams) > before)
        leave(connection)
        until(lambda: len(server.app.open_streams) == before)


def test_events_for_http_1_0_end_with_the_connection_and_are_not_chunked(
    server: MockServer,
) -> None:
    with talking(server) as talk:
        talk.say(request("POST", "/_mock/clock", b'{"progress": "polls"}', "old"))
        talk.hear()
        talk.say(request("POST", TASKS, GOOD, "old"))
        task = json.loads(talk.hear().body)["task_id"]
    with talking(server) as talk:
        said = request("GET", f"{TASKS}/{task}/events", world="old")
        talk.say(said.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"Host: 127.0.0.1\r\n", b""))
        head, _, body = talk.rest().partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    assert body.startswith(b"retry: 1000\n")
    assert body.endswith(b"\n\n")
    assert body.count(b"\nevent: ") == 3


def test_options_of_the_whole_server_are_its_methods(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("OPTIONS", "*") + request("GET", f"{TASKS}/x"))
        heard = talk.hear()
        assert (heard.status, "POST" in heard.headers["allow"]) == (204, True)
        assert talk.hear().status == 404


def test_an_absolute_target_names_its_own_host(server: MockServer) -> None:
    """For links, and for the control plane's guard."""
    with talking(server) as talk:
        talk.say(request("POST", "http://evil.test/_mock/reset", world="absolute"))
        assert talk.hear().status == 403
        talk.say(request("GET", "http://localhost/_mock/health", Host="evil.test"))
        assert talk.hear().status == 200
        talk.say(request("POST", TASKS, GOOD, "absolute"))
        task = json.loads(talk.hear().body)["task_id"]
        talk.say(request("POST", f"/_mock/tasks/{task}/succeed", world="absolute"))
        talk.hear()
        talk.say(request("GET", f"http://named.test:8080{TASKS}/{task}", world="absolute"))
        url = json.loads(talk.hear().body)["output"]["videos"][0]["url"]
    assert url.startswith("http://named.test:8080/media/")
