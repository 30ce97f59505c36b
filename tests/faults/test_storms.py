"""Storms of connections that are opened and broken, and clients that never read: all passes."""

import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import orjson
import pytest

from tests.faults.answers import Answers
from tests.faults.bystander import standing_by
from tests.faults.client import Client, order
from tests.faults.conftest import Serve
from tests.faults.hostile import request
from tests.faults.memory import descriptors, peak, rss
from tests.faults.scale import dice, rounds
from tests.faults.serving import Server
from tests.faults.workers import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

MIB = 1024 * 1024
KEY = "mv_test_storm"

#: Milliseconds in which 99 of 100 polls of the bystander are answered.
PROMISED = 50

Storm = Callable[[Server, random.Random], None]


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=90)


def reset(connection: socket.socket) -> None:
    """Close it so that the other side sees RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def at_once_gone(server: Server, chance: random.Random) -> None:
    reset(connect(server))


def after_half_a_head(server: Server, chance: random.Random) -> None:
    connection = connect(server)
    sent = request("GET", "/api/v1/tasks/task_1")
    connection.sendall(sent[: chance.randrange(1, len(sent))])
    reset(connection)


def after_half_a_body(server: Server, chance: random.Random) -> None:
    connection = connect(server)
    sent = request("POST", "/api/v1/tasks", b"x" * MIB)
    connection.sendall(sent[: chance.randrange(len(sent) // 2)])
    reset(connection)


def before_the_answer(server: Server, chance: random.Random) -> None:
    connection = connect(server)
    connection.sendall(request("GET", "/_mock/requests?limit=1000", Authorization=f"Bearer {KEY}"))
    reset(connection)


def from_a_waiting_request(server: Server, chance: random.Random) -> None:
    connection = connect(server)
    connection.sendall(request("GET", "/api/v1/tasks/task_1", X_Mock_Script="delay=9999"))
    time.sleep(0.001 * chance.random())
    reset(connection)


def closing_one_side(server: Server, chance: random.Random) -> None:
    with connect(server) as connection:
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            connection.recv(1)


def after_a_whole_body(server: Server, chance: random.Random) -> None:
    with connect(server) as connection, suppress(OSError):
        connection.sendall(request("POST", "/api/v1/tasks", b" " * MIB))


STORMS: list[Storm] = [
    at_once_gone,
    after_half_a_head,
    after_half_a_body,
    before_the_answer,
    from_a_waiting_request,
    closing_one_side,
]


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve("--progress", "manual", "--write-timeout", "3")


@pytest.fixture
def task_id(server: Server) -> Iterator[str]:
    with Client(server.port, KEY) as client:
        yield client.submit(order("a bystander's")).body["task_id"]


@pytest.mark.parametrize("storm", STORMS, ids=lambda each: each.__name__)
def test_a_storm_leaves_nothing_behind_and_holds_up_nobody(
    server: Server, task_id: str, storm: Storm
) -> None:
    count, chance = rounds(check=1_000, soak=50_000), dice(storm.__name__)
    blow(server, storm, 300, chance)  # what the first ones need is kept for the others
    settle(server)
    before, files = rss(server), descriptors(server)
    with standing_by(server.port, KEY, task_id) as waits:
        blow(server, storm, count, chance)
    settle(server, files)
    print(f"{storm.__name__}: {rss(server) - before} bytes more; {waits}")
    assert until(lambda: descriptors(server) <= files)
    assert rss(server) - before < 32 * MIB
    assert waits.p99 <= 3 * PROMISED  # the storm itself takes half of a small machine


def blow(server: Server, storm: Storm, count: int, chance: random.Random) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: storm(server, chance), range(count)))


def settle(server: Server, files: int | None = None) -> None:
    """Until the server has `files` descriptors, or without a number, no fewer than a moment ago."""
    until = time.monotonic() + 30
    with Client(server.port, KEY) as client:
        least = descriptors(server)
        while time.monotonic() < until:
            client.get("/_mock/clock")
            now = descriptors(server) - 1  # without this client's own
            if now <= files if files is not None else now >= least:
                return
            least = now


@pytest.mark.parametrize("target", ["/_mock/tasks?limit=10000", "/_mock/requests?limit=10000"])
def test_clients_that_never_read_long_answers_cost_little_and_are_cut_off(
    server: Server, target: str
) -> None:
    with Client(server.port, KEY) as client, ExitStack() as opened:
        for number in range(64):
            large = order(f"large {number}")
            large["input"]["video_urls"] = ["data:video/mp4;base64," + "A" * (MIB // 2)]  # type: ignore[index]
            client.submit(large)
        for _ in range(2000):
            client.ask("GET", "/api/v1/tasks/task_1", key=KEY)
        before = rss(server)
        silent = [opened.enter_context(connect(server)) for _ in range(30)]
        for each in silent:
            each.sendall(request("GET", target, Authorization=f"Bearer {KEY}"))
        client.get("/_mock/clock")
        assert rss(server) - before < 150 * MIB  # all of it would be a gigabyte
        until = time.monotonic() + 20
        while descriptors(server) >= 30 and time.monotonic() < until:
            client.get("/_mock/clock")
        assert descriptors(server) < 30


def test_a_long_ledger_costs_little_for_clients_that_never_read_it(server: Server) -> None:
    count, readers = rounds(check=10_000, soak=60_000), 30
    fill(server, count)
    with Client(server.port, KEY) as client, ExitStack() as opened, peak(server) as more:
        for _ in range(readers):
            each = opened.enter_context(connect(server))
            each.sendall(
                request("GET", "/_mock/ledger?limit=1000000", Authorization=f"Bearer {KEY}")
            )
            assert each.recv(1) == b"H"  # it was made
        client.get("/_mock/clock")
        print(f"{readers} ledgers of {count} tasks: at most {more()} bytes more")
        assert more() < 32 * MIB + readers * count * 60  # with all of its entries, over 300 each


def fill(server: Server, count: int) -> None:
    """Submit as many tasks, and let all of them end."""
    body = orjson.dumps(order("one of many"))
    sent = request("POST", "/api/v1/tasks", body, Authorization=f"Bearer {KEY}", Connection="x")
    with connect(server) as connection:
        answers = Answers(connection)
        for _ in range(0, count, 16):
            connection.sendall(sent * 16)
            assert {answers.next("POST").status for _ in range(16)} == {200}
    with Client(server.port, KEY) as client:
        client.control("clock", {"advance": 1_000_000})


def test_whole_bodies_whose_clients_do_not_wait_stay_within_a_bound(server: Server) -> None:
    before, count = rss(server), rounds(check=1_000, soak=50_000)
    blow(server, after_a_whole_body, count, dice("whole bodies"))
    settle(server)
    print(f"{count} whole bodies: {rss(server) - before} bytes more")
    assert rss(server) - before < 400 * MIB
