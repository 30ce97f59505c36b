"""Somebody floods the server: whoever else asks waits for a few of those requests, not for all."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from mock_mindvideo.serving.wire.rounds import MOST
from tests.faults.beside import CONNECTIONS, FLOOD, STORES, VICTIM, options, submitted
from tests.faults.bystander import Waits, standing_by
from tests.faults.client import TASKS
from tests.faults.conftest import Serve
from tests.faults.flooding import flooded
from tests.faults.scale import SOAK
from tests.faults.serving import Server
from tests.faults.worked import Bystander
from tests.faults.workers import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

#: How much longer 99 of 100 polls may take while somebody floods.
PROMISED = 3

#: Milliseconds that they may take over SQLite in any case: for a flood its log is written all the
#: time, and a few of these writes wait for the disk.
PAUSED = 5

#: Polls whose median counts where the processor's time is taken.
POLLS = 300

#: A machine that does something else besides is slow now and then; an unfair server is each time.
TRIES = 5


def poll(task_id: str, key: str) -> bytes:
    return (
        f"GET {TASKS}/{task_id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"
    ).encode()


@contextmanager
def suspended(server: Server) -> Iterator[None]:
    """It stands still: all that is sent meanwhile comes in one turn of its loop."""
    os.kill(server.process.pid, signal.SIGSTOP)
    _, state = os.waitpid(server.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(state)
    try:
        yield
    finally:
        os.kill(server.process.pid, signal.SIGCONT)


def test_whoever_asks_in_the_middle_of_a_flood_is_served_behind_a_few_of_it(
    serve: Serve,
) -> None:
    server = serve("--log-level", "info", "--log-format", "json")
    flood, victim = submitted(server.port, FLOOD), submitted(server.port, VICTIM)
    submitted(server.port, FLOOD)  # now each has company
    with ExitStack() as opened:
        addresses = [("127.0.0.1", server.port)] * (CONNECTIONS + 1)
        *many, one = [opened.enter_context(socket.create_connection(each)) for each in addresses]
        for each in (*many, one):  # until it is accepted
            each.sendall(poll(flood, FLOOD))
        heard(*many, one)
        with suspended(server):
            for each in many:
                each.sendall(poll(flood, FLOOD))
            one.sendall(poll(victim, VICTIM))
        heard(*many, one)
    assert until(lambda: len(polled(server.log)) == 2 * (CONNECTIONS + 1))  # told after the answer
    served = polled(server.log)
    assert served.index(f"{TASKS}/{victim}") - (CONNECTIONS + 1) <= MOST


def heard(*connections: socket.socket) -> None:
    """All of them are answered."""
    for each in connections:
        assert each.recv(65536).startswith(b"HTTP/1.1 200 ")


def polled(log: Path) -> list[str]:
    """The paths of all polls in a log, in the order in which they were answered."""
    whole, _, _ = log.read_text().rpartition("\n")
    lines = [json.loads(line) for line in whole.splitlines()]
    return [line["path"] for line in lines if line.get("method") == "GET"]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Options that choose it."""
    with options(request.param, tmp_path) as chosen:
        yield chosen


def test_few_requests_of_a_flood_are_served_before_a_poll_of_somebody_else(
    serve: Serve, store: list[str]
) -> None:
    server = serve(*store)
    flood, victim = submitted(server.port, FLOOD), submitted(server.port, VICTIM)
    with closing(Bystander(server.port, VICTIM, victim)) as bystander:
        for _ in range(2 * TRIES):
            alone = bystander.polls(server.process.pid, POLLS).worked
            with flooded(server.port, FLOOD, flood, CONNECTIONS):
                beside = bystander.polls(server.process.pid, POLLS).worked
            print(f"the server works {alone:.5f} s for a poll, and {beside:.5f} beside a flood")
            if beside <= PROMISED * alone:
                return
    raise AssertionError(f"{beside:.5f} s; alone {alone:.5f}")


@pytest.mark.skipif(not SOAK, reason="p99 tells of what else a machine does: `make soak`")
def test_polls_take_at_most_three_times_as_long_while_somebody_floods(
    serve: Serve, store: list[str]
) -> None:
    server = serve(*store)
    flood, victim = submitted(server.port, FLOOD), submitted(server.port, VICTIM)
    for _ in range(TRIES):
        alone = watched(server, victim)
        with flooded(server.port, FLOOD, flood, CONNECTIONS):
            beside = watched(server, victim)
        print(f"alone: {alone}; beside {CONNECTIONS} connections that flood: {beside}")
        if beside.p99 <= max(PROMISED * alone.p99, PAUSED if "--db" in store else 0):
            return
    raise AssertionError(f"{beside}; alone {alone}")


def watched(server: Server, task_id: str) -> Waits:
    """How long a bystander waits for a thousand polls."""
    with standing_by(server.port, VICTIM, task_id, polls=1000) as waits:
        pass
    return waits
