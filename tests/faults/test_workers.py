"""Two workers on one file: what was done through one holds at once for the other."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from requests_sse import EventSource

from .client import KEY, TASKS, Body, Client, order
from .conftest import Serve
from .serving import Server
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

#: Real seconds until a stream of another worker must have heard; a heartbeat takes 15.
AT_ONCE = 10.0


@pytest.fixture
def server(serve: Serve, db: str) -> Server:
    return serve("--workers", "2", "--db", db, "--progress", "manual")


@pytest.fixture(params=["there and back", "back and there"])
def clients(request: pytest.FixtureRequest, server: Server) -> Iterator[list[Client]]:
    """One client on each worker; either worker is the one that changes things."""
    with client_of_each(server) as found:
        assert server.owner(found[0].socket) != server.owner(found[1].socket)
        yield found if request.param.startswith("there") else found[::-1]


@pytest.fixture
def here(clients: list[Client]) -> Client:
    return clients[0]


@pytest.fixture
def there(clients: list[Client]) -> Client:
    return clients[1]


def made(client: Client) -> str:
    return client.submit(order("one")).body["task_id"]


def following(client: Client, task_id: str) -> Iterator[Body]:
    """The stream's events after the first, which has been read."""
    events = client.events(task_id)
    assert next(events)["type"] == "task.queued"
    return events


def rest(events: Iterator[Body]) -> list[str]:
    """The types of the events until the stream's end, which must come at once."""
    began = time.monotonic()
    types = [event["type"] for event in events]
    assert time.monotonic() - began < AT_ONCE
    return types


def test_the_metrics_of_either_tell_the_requests_of_both(here: Client, there: Client) -> None:
    for number, client in enumerate((here, here, there)):
        client.submit(order("one"), f"k{number}")

    def told(client: Client) -> bool:
        line = b'request_duration_seconds_count{endpoint="submit",status="200"} 3.0'
        return line in client.ask("GET", "/_mock/metrics").raw

    assert until(lambda: told(here) and told(there))


def test_a_task_made_through_one_is_found_and_replayed_by_the_other(
    here: Client, there: Client
) -> None:
    first = here.submit(order("one"), "k")
    again = there.submit(order("one"), "k")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.raw == first.raw
    assert there.get(f"{TASKS}/{first.body['task_id']}") == first.body


def test_a_script_decides_the_tasks_of_the_other(here: Client, there: Client) -> None:
    here.control("scripts", {"script": "outcome=failed; error=timeout; times=1"})
    scripted, plain = made(there), made(there)
    events = following(there, scripted)
    here.control("clock", {"advance": 10})
    assert rest(events) == ["task.processing", "task.failed"]
    assert there.get(f"{TASKS}/{scripted}")["error"]["code"] == "timeout"
    assert there.get(f"{TASKS}/{plain}")["status"] == "succeeded"


def test_a_created_key_opens_requests_and_streams_of_the_other(here: Client, there: Client) -> None:
    secret = here.control("keys")["key"]
    task_id = there.submit(order("one"), key=secret).body["task_id"]
    assert here.get(f"{TASKS}/{task_id}")["status"] == "queued"
    events = there.events(task_id, key=secret)
    assert next(events)["type"] == "task.queued"
    here.control(f"tasks/{task_id}/cancel")
    assert rest(events) == ["task.cancelled"]


def test_a_disabled_and_a_deleted_key_close_requests_and_streams_of_the_other(
    here: Client, there: Client
) -> None:
    created = here.control("keys")
    task_id = there.submit(order("one"), key=created["key"]).body["task_id"]
    here.control(f"keys/{created['id']}", {"disabled": True}, "PATCH")
    for path in (f"{TASKS}/{task_id}", f"{TASKS}/{task_id}/events"):
        assert there.ask("GET", path, key=created["key"]).code == "disabled_api_key"
    assert there.submit(order("two"), key=created["key"]).code == "disabled_api_key"
    here.ask("DELETE", f"/_mock/keys/{created['id']}")
    assert there.ask("GET", f"{TASKS}/{task_id}", key=created["key"]).code == "invalid_api_key"


def test_a_clock_jump_reaches_requests_and_open_streams_of_the_other(
    here: Client, there: Client, server: Server
) -> None:
    task_id = made(there)
    events = following(there, task_id)
    moved = here.control("clock", {"advance": 2})
    assert [each["status"] for each in moved["transitions"]] == ["processing"]
    began = time.monotonic()
    assert next(events)["type"] == "task.processing"
    assert time.monotonic() - began < AT_ONCE
    here.control("clock", {"advance": 8})
    assert rest(events) == ["task.succeeded"]
    assert there.get("/_mock/clock") == here.get("/_mock/clock")


def test_a_cancel_reaches_requests_and_open_streams_of_the_other(
    here: Client, there: Client
) -> None:
    task_id = made(there)
    events = following(there, task_id)
    here.control(f"tasks/{task_id}/cancel")
    assert rest(events) == ["task.cancelled"]
    assert there.get(f"{TASKS}/{task_id}")["status"] == "cancelled"
    assert there.ask("POST", f"/_mock/tasks/{task_id}/cancel").status == 409


def test_another_speed_reaches_open_streams_of_the_other(here: Client, there: Client) -> None:
    events = following(there, made(there))
    here.control("clock", {"progress": "time", "speed": 1000})
    assert rest(events) == ["task.processing", "task.succeeded"]


def test_credit_is_spent_by_all_workers_together(here: Client, there: Client) -> None:
    here.control("credit", {"credit": "1.2330"})
    made(here)
    made(there)
    assert here.submit(order("three")).code == "insufficient_credit"
    assert there.submit(order("three")).code == "insufficient_credit"
    assert here.get("/_mock/ledger") == there.get("/_mock/ledger")


def test_a_reset_ends_open_streams_of_the_other(here: Client, there: Client) -> None:
    task_id = made(there)
    events = following(there, task_id)
    here.control("reset")
    assert rest(events) == []
    assert there.ask("GET", f"{TASKS}/{task_id}").code == "task_not_found"


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(
    server: Server, here: Client, there: Client
) -> None:
    first = there.submit(order("one"), "k")
    server.kill_one(server.owner(there.socket))
    with client_of_each(server) as (one, other):
        for client in (here, one, other):
            assert client.submit(order("one"), "k").raw == first.raw


def test_a_worker_that_is_killed_while_the_supervisor_asks_for_it_is_replaced_at_once(
    server: Server, there: Client
) -> None:
    worker = server.owner(there.socket)
    server.suspend_one(worker)
    assert until(server.asks_a_worker)
    server.kill_one(worker)
    with client_of_each(server):
        assert worker not in server.processes()


def test_deliveries_and_open_streams_are_those_of_both_workers(here: Client, there: Client) -> None:
    task_id = made(there)
    open_here, open_there = following(here, task_id), following(there, task_id)
    with Client(here.port) as looking:
        assert until(lambda: looking.get("/_mock/health")["counts"]["streams"] == 2)
        looking.control("clock", {"advance": 10})
        assert rest(open_here) == rest(open_there) == ["task.processing", "task.succeeded"]
        assert until(lambda: looking.get("/_mock/health")["counts"]["streams"] == 0)
        assert until(lambda: len(looking.get("/_mock/deliveries")["deliveries"]) == 6)
        deliveries = looking.get("/_mock/deliveries")["deliveries"]
    streams = {each["request_id"] for each in deliveries}
    assert len(streams) == 2
    for stream in streams:
        given = [each["sequence"] for each in deliveries if each["request_id"] == stream]
        assert given == [1, 2, 3]


def follow(server: Server, task_id: str, given: list[str]) -> list[str]:
    """What a client that connects again by itself, as the standard has it, is given of a task."""
    url = f"http://127.0.0.1:{server.port}{TASKS}/{task_id}/events"
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "text/event-stream"}
    again = timedelta(milliseconds=100)
    with EventSource(url, headers=headers, timeout=30, reconnection_time=again) as source:
        for each in source:
            given.append(each.type)
            if each.type == "task.succeeded":
                break
    return given


def open_streams(db: str, worker: int) -> int:
    with closing(sqlite3.connect(db)) as file:
        found = file.execute(
            "SELECT total(streams) FROM processes WHERE name LIKE ?", (f"{worker}-%",)
        )
        return int(found.fetchone()[0])


def test_the_clients_of_a_killed_worker_come_again_and_miss_nothing(
    server: Server, db: str, here: Client, there: Client
) -> None:
    task_id, killed = made(here), server.owner(there.socket)
    streams: list[list[str]] = []
    with ThreadPoolExecutor(32) as threads:
        running = []
        while not open_streams(db, killed):
            streams.append([])
            running.append(threads.submit(follow, server, task_id, streams[-1]))
            assert until(lambda: all(streams))
            assert until(lambda: sum(map(len, streams)) == len(running) <= 32)
        here.control("clock", {"advance": 2})
        assert until(lambda: all(len(each) == 2 for each in streams))
        server.kill_one(killed)
        here.control("clock", {"advance": 8})
        for each in running:
            assert each.result() == ["task.queued", "task.processing", "task.succeeded"]
    assert here.get("/_mock/deliveries")["deliveries"]


def test_workers_that_start_while_the_file_is_gone_say_so_until_it_is_back(
    server: Server, db: str, here: Client, there: Client
) -> None:
    task_id = made(here)
    moved = {each: each.with_name(f"away-{each.name}") for each in _files(db)}
    old = {server.owner(each.socket) for each in (here, there)}
    for name, away in moved.items():
        name.rename(away)
    for worker in old:
        server.kill_one(worker)

    def replaced() -> bool:  # a supervisor that was just asking a worker waits 30 s for its answer
        return len(server.processes() - old) >= 4

    assert until(replaced) or until(replaced)
    with Client(server.port) as client:
        answer = client.ask("GET", f"{TASKS}/{task_id}")
        assert (answer.status, f"{db}: was removed" in str(answer.body)) == (503, True)
    assert not _files(db)
    for name, away in moved.items():
        away.rename(name)
    with Client(server.port) as client:
        assert until(lambda: client.ask("GET", f"{TASKS}/{task_id}").status == 200)


def _files(db: str) -> list[Path]:
    """The database and its log."""
    return list(Path(db).parent.glob(f"{Path(db).name}*"))
