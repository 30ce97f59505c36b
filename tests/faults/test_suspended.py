"""A server that is suspended, as a laptop is, goes on where the world's time is by then."""

import os
import signal
import threading
import time

import pytest

from .client import TASKS, Client, order
from .conftest import Serve
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

ORDER = ("queued", "processing", "succeeded")

#: World seconds for each real one, and real seconds without the processor: longer than a task.
SPEED, SUSPENDED = 10, 3


@pytest.mark.parametrize("workers", [1, 2])
def test_a_suspended_server_loses_nothing_and_its_streams_go_on(
    serve: Serve, db: str, workers: int
) -> None:
    server = serve("--db", db, "--workers", str(workers), "--speed", str(SPEED))
    heard: list[str] = []

    def follow(task_id: str) -> None:
        with Client(server.port) as client:
            heard.extend(event["type"] for event in client.events(task_id))

    with client_of_each(server, workers) as clients:
        running = clients[0].submit(order("one")).body["task_id"]
        following = threading.Thread(target=follow, args=(running,))
        following.start()
        before = [ORDER.index(each.get(f"{TASKS}/{running}")["status"]) for each in clients]
        os.killpg(server.process.pid, signal.SIGSTOP)
        time.sleep(SUSPENDED)  # real time is what is tested
        os.killpg(server.process.pid, signal.SIGCONT)
        after = [ORDER.index(each.get(f"{TASKS}/{running}")["status"]) for each in clients]
        assert min(after) >= max(before)
        assert until(lambda: clients[-1].get(f"{TASKS}/{running}")["status"] == "succeeded")
        begun = clients[-1].submit(order("two")).body["task_id"]
        assert until(lambda: clients[0].get(f"{TASKS}/{begun}")["status"] == "succeeded")
        following.join(30)
    assert heard == ["task.queued", "task.processing", "task.succeeded"]
    server.stop()
    assert server.log.read_text() == ""
