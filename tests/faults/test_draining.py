"""A server that is told to stop: what has begun comes to its end, newcomers are sent elsewhere."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from .client import TASKS, Answer, Body, Client, order
from .conftest import Serve
from .serving import PATIENCE, Server
from .workers import accepted, client_of_each, until

pytestmark = pytest.mark.slow

#: Seconds that a drain may last where it must not end by itself, and where it must.
LONG, SHORT = "60", "1"

#: Seconds within which a server has ended that did not wait for its drain's end, or for a stream.
SOON = 30

#: A submit whose client waits until the server has begun with it.
HEAD = (
    b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mv_live_xxx\r\n"
    b"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
)


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"])
def workers(request: pytest.FixtureRequest) -> int:
    count: int = request.param
    return count


def started(serve: Serve, db: str, workers: int, drain: str = LONG) -> Server:
    options = ["--db", db, "--progress", "manual", "--drain-timeout", drain]
    return serve("--workers", str(workers), *options)


@contextmanager
def followed(
    server: Server, workers: int
) -> Iterator[tuple[list[Client], list[Iterator[Body]], str]]:
    """A client of each process, the stream that it has open, and the task of all these."""
    with client_of_each(server, workers) as clients:
        task_id = clients[0].submit(order("one")).body["task_id"]
        streams = [client.events(task_id) for client in clients]
        assert [next(each)["type"] for each in streams] == ["task.queued"] * workers
        yield clients, streams, task_id


@pytest.fixture
def draining(serve: Serve, db: str, workers: int) -> Iterator[tuple[Server, list[Client], str]]:
    """A server that drains because each of its processes has a stream open; the streams' task."""
    server = started(serve, db, workers)
    with followed(server, workers) as (clients, _, task_id):
        server.process.terminate()
        assert until(lambda: drains(server, workers))
        yield server, clients, task_id


def asked(server: Server, path: str, method: str = "GET", body: object = None) -> Answer:
    """The answer to one request on a connection of its own."""
    with Client(server.port) as client:
        return client.ask(method, path, body)


def drains(server: Server, workers: int) -> bool:
    """Whether each of so many processes sends newcomers elsewhere: one hears of it first."""
    told: dict[int, int] = {}

    def heard() -> bool:
        with Client(server.port) as client:
            worker = accepted(server, client)
            told[worker] = client.ask("GET", "/_mock/ready").status
        return list(told.values()) == [503] * workers

    return until(heard)


def ended(server: Server) -> float:
    """Wait for the end; in how many seconds it came."""
    began = time.monotonic()
    server.process.wait(PATIENCE)
    return time.monotonic() - began


def test_open_streams_see_the_terminal_event_and_then_the_server_ends(
    draining: tuple[Server, list[Client], str],
) -> None:
    server, clients, task_id = draining
    responses = [client.response for client in clients]
    assert asked(server, f"/_mock/tasks/{task_id}/succeed", "POST", {}).status == 200
    told = [response.read().decode() for response in responses]
    assert [each.count("event: task.succeeded") for each in told] == [1] * len(clients)
    assert ended(server) < SOON


def test_newcomers_are_told_to_come_again_and_their_connections_are_closed(
    draining: tuple[Server, list[Client], str],
) -> None:
    server, _, task_id = draining
    paths = [("POST", TASKS), ("GET", f"{TASKS}/{task_id}"), ("GET", f"{TASKS}/{task_id}/events")]
    for method, path in [*paths, ("GET", "/media/default/x/1.mp4"), ("GET", "/")]:
        answer = asked(server, path, method, order("late") if method == "POST" else None)
        assert (answer.status, answer.code) == (503, "unavailable"), path
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["connection"] == "close"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-request-id"] == answer.body["request_id"]
    ready, live = asked(server, "/_mock/ready"), asked(server, "/_mock/live")
    assert (ready.status, ready.headers["retry-after"], live.status) == (503, "1", 200)
    assert {ready.headers["connection"], live.headers["connection"]} == {"close"}
    assert len(asked(server, "/_mock/tasks").body["tasks"]) == 1


def test_a_second_signal_to_the_first_process_ends_all_at_once(
    draining: tuple[Server, list[Client], str],
) -> None:
    server, clients, _ = draining
    server.process.terminate()
    assert ended(server) < SOON
    for client in clients:
        with pytest.raises((http.client.HTTPException, OSError)):  # cut off, and not ended
            client.response.read()


def test_a_signal_to_all_processes_is_one_signal(serve: Serve, db: str, workers: int) -> None:
    server = started(serve, db, workers)
    with followed(server, workers) as (clients, streams, _):
        os.killpg(server.process.pid, signal.SIGTERM)
        assert until(lambda: drains(server, workers))
        clients[-1].socket.settimeout(1)
        with pytest.raises(TimeoutError):
            next(streams[-1])
        assert server.process.poll() is None


def test_requests_under_way_are_answered(serve: Serve, db: str, workers: int) -> None:
    server = started(serve, db, workers)
    body = orjson.dumps(order("one"))
    with client_of_each(server, workers) as clients:
        for client in clients:
            client.socket.sendall(HEAD % len(body))
            assert client.socket.recv(100).startswith(b"HTTP/1.1 100")
        server.process.terminate()
        assert until(lambda: drains(server, workers))
        for client in clients:
            client.socket.sendall(body)
            response = http.client.HTTPResponse(client.socket)
            response.begin()
            assert (response.status, response.getheader("connection")) == (200, "close")
            assert orjson.loads(response.read())["status"] == "queued"
            response.close()
        assert ended(server) < SOON


def test_streams_end_at_the_deadline_in_order(serve: Serve, db: str, workers: int) -> None:
    server = started(serve, db, workers, SHORT)
    with followed(server, workers) as (_, streams, _):
        server.process.terminate()
        assert [list(each) for each in streams] == [[]] * workers
        assert ended(server) < SOON
    assert server.log.read_text() == ""


def test_an_interruption_waits_for_no_stream(serve: Serve, db: str, workers: int) -> None:
    server = started(serve, db, workers)
    with followed(server, workers) as (_, streams, _):
        os.killpg(server.process.pid, signal.SIGINT)
        assert [list(each) for each in streams] == [[]] * workers
        assert ended(server) < SOON


def test_a_reader_of_the_feed_of_changes_holds_nobody_up(
    serve: Serve, db: str, workers: int
) -> None:
    server = started(serve, db, workers)
    with client_of_each(server, workers) as clients:
        for client in clients:
            client.follow("/_mock/changes")
        server.process.terminate()
        assert ended(server) < SOON
