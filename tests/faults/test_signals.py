"""Whatever signal ends the server, and however often: in order, in time, and nothing is lost."""

import os
import resource
import signal
import socket
import time

import pytest

from .client import Client, order
from .conftest import Serve
from .serving import Server
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

#: Seconds that a server takes at most: its grace, and what comes after that.
GRACE = 5 + 3 + 2

WORKERS = pytest.mark.parametrize("workers", ["1", "2"])


def ended(server: Server) -> float:
    """Wait for the end; in how many seconds it came."""
    began = time.monotonic()
    server.process.wait(30)
    return time.monotonic() - began


@WORKERS
@pytest.mark.parametrize(
    "signals",
    ["SIGHUP", "SIGINT SIGINT", "SIGTERM SIGTERM", "SIGINT SIGINT SIGINT", "SIGHUP SIGINT"],
)
def test_signals_in_a_terminal_end_it_in_order(
    serve: Serve, db: str, workers: str, signals: str
) -> None:
    """Every process of the session hears them; a request is held for a minute meanwhile."""
    server = serve("--workers", workers, "--db", db)
    with client_of_each(server, int(workers)) as clients:
        submitted = [each.submit(order("one")).body["task_id"] for each in clients]
        clients[0].socket.sendall(
            b"GET /api/v1/tasks/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mv_live_xxx\r\n"
            b"X-Mock-Script: delay=60\r\n\r\n"
        )
        time.sleep(0.2)  # real time is what is tested
        for name in signals.split():
            os.killpg(server.process.pid, getattr(signal, name))
            time.sleep(0.05)
        assert ended(server) < GRACE
    assert "Traceback" not in server.log.read_text()
    with Client(serve("--db", db).port) as client:
        assert {each["task_id"] for each in client.get("/_mock/tasks")["tasks"]} >= set(submitted)
        entries = client.get("/_mock/requests")["requests"]
        assert len([each for each in entries if each["method"] == "POST"]) == len(submitted)


@WORKERS
def test_clients_that_never_read_or_never_finish_do_not_hold_up_its_end(
    serve: Serve, db: str, workers: str
) -> None:
    server = serve("--workers", workers, "--db", db)
    halves = [
        b"",
        b"POST / HT",
        b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ]
    clients = []
    for said in halves * 10:
        clients.append(socket.create_connection(("127.0.0.1", server.port)))
        clients[-1].sendall(said)
    server.process.terminate()
    assert ended(server) < GRACE
    for each in clients:
        each.close()


def accepts(server: Server) -> bool:
    """Whether a newcomer is served."""
    with Client(server.port) as newcomer:
        return newcomer.submit(order("three")).status == 200


def test_descriptors_that_run_out_are_told_once_and_existing_clients_go_on(serve: Serve) -> None:
    server = serve()
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (160, 160))
    with Client(server.port) as client:
        client.submit(order("one"))
        many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        last = many[-1]
        last.settimeout(60)
        assert last.recv(12) == b"HTTP/1.1 503"
        assert client.submit(order("two")).status == 200
        for each in many:
            each.close()
        assert until(lambda: accepts(server))  # once it has seen that they have left
    assert server.log.read_text().count("ulimit -n") == 1
