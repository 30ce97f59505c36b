"""Very many event streams at once: little memory each, and every one is told everything."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.answers import Answers
from tests.faults.client import TASKS, Client, order
from tests.faults.conftest import Serve
from tests.faults.memory import rss
from tests.faults.scale import rounds
from tests.faults.serving import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

KEY = "mv_test_streams"
KIB = 1024
MIB = 1024 * KIB

#: Bytes of memory that one open stream may need, its line of the journal included.
PROMISED = 12 * KIB


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    """As many sockets as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def follow(server: Server, task_id: str) -> socket.socket:
    """A client that has read the stream's first event."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(
        f"GET {TASKS}/{task_id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {KEY}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    heard = b""
    while b"event: task.queued" not in heard:
        heard += connection.recv(65536)
    return connection


def follow_many(server: Server, task_id: str, count: int, opened: ExitStack) -> list[socket.socket]:
    return [opened.enter_context(follow(server, task_id)) for _ in range(count)]


def test_a_stream_needs_little_memory_and_each_of_very_many_is_told_everything(
    serve: Serve,
) -> None:
    count = rounds(check=3_000, soak=10_000)
    server = serve("--streams", str(count + 100), "--progress", "manual")
    with Client(server.port, KEY) as client, ExitStack() as opened:
        task_id = client.submit(order("followed by many")).body["task_id"]
        follow_many(server, task_id, 100, opened)  # what the first ones need is no stream's
        before = rss(server)
        streams = follow_many(server, task_id, count, opened)
        each = (rss(server) - before) / count
        print(f"{count} streams: {each:.0f} bytes each")
        assert each <= PROMISED
        began = time.perf_counter()
        client.control("clock", {"advance": 3600})
        for connection in streams:
            heard = Answers(connection).rest_of_chunks()
            assert heard.index(b"event: task.processing") < heard.index(b"event: task.succeeded")
            assert heard.count(b"event: ") == 2
        print(f"all were told within {time.perf_counter() - began:.2f} s, reading included")


def test_streams_of_a_large_order_do_not_each_hold_it(serve: Serve) -> None:
    server = serve("--progress", "manual")
    large = order("x")
    large["input"]["video_urls"] = ["data:video/mp4;base64," + "A" * (8 * MIB)]
    with Client(server.port, KEY) as client, ExitStack() as opened:
        task_id = client.submit(large).body["task_id"]
        follow_many(server, task_id, 4, opened)
        before = rss(server)
        follow_many(server, task_id, 60, opened)
        assert rss(server) - before < 40 * MIB
