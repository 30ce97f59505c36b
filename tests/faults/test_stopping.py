"""Stopping: cleanly with streams open, and nothing is lost by the next start."""

import http.client
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from mock_mindvideo.serving.ending import LAST
from mock_mindvideo.settings import Settings
from tests.redis_server import RedisServer

from .client import KEY, TASKS, Client, order
from .conftest import Serve
from .serving import PATIENCE, Server
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

#: What the control plane shows of everything that a world keeps.
SHOWN = ("tasks", "ledger", "keys", "scripts", "clock", "requests")


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"])
def server(request: pytest.FixtureRequest, serve: Serve, db: str) -> Server:
    server = serve("--workers", str(request.param), "--db", db, "--progress", "manual")
    with client_of_each(server, request.param):
        return server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield server


@pytest.mark.parametrize("how", ["stop", "interrupt"])
def test_a_signal_ends_open_streams_and_then_the_server(server: Server, how: str) -> None:
    with ExitStack() as connections:
        clients = [connections.enter_context(Client(server.port)) for _ in range(8)]
        task_id = clients[0].submit(order("one")).body["task_id"]
        streams = [client.events(task_id) for client in clients]
        assert {next(stream)["type"] for stream in streams} == {"task.queued"}
        owners = {server.owner(client.socket) for client in clients}
        code = getattr(server, how)()
        assert [list(stream) for stream in streams] == [[]] * 8
    assert code in (0, -signal.SIGTERM if how == "stop" else 0)
    assert not any(Path(f"/proc/{owner}").exists() for owner in owners)
    assert server.log.read_text() in ("", "stopped\n")


def test_workers_end_when_their_supervisor_is_killed_alone(serve: Serve, db: str) -> None:
    server = serve("--workers", "2", "--db", db)
    with client_of_each(server) as clients:
        owners = [server.owner(client.socket) for client in clients]
        server.process.kill()
        server.process.wait(PATIENCE)
        assert until(lambda: not any(Path(f"/proc/{owner}").exists() for owner in owners))


@pytest.mark.parametrize("how", ["stop", "interrupt"])
def test_nothing_is_lost_between_a_stop_and_the_next_start(
    server: Server, serve: Serve, db: str, how: str
) -> None:
    with Client(server.port) as client:
        first = client.submit(order("one"), "k")
        client.control("clock", {"advance": 10})
        client.submit(order("two"))
        client.control("scripts", {"script": "outcome=failed; times=2"})
        client.submit(order("three"))
        client.control("credit", {"credit": "5.5"})
        created, dropped = client.control("keys"), client.control("keys")
        client.control(f"keys/{created['id']}", {"disabled": True}, "PATCH")
        client.ask("DELETE", f"/_mock/keys/{dropped['id']}")
        links = client.get(f"{TASKS}/{first.body['task_id']}")["output"]["videos"]
        before = shown(client)
    getattr(server, how)()
    again = serve("--db", db)
    with Client(again.port) as client:
        assert shown(client) == before
        replay = client.submit(order("one"), "k")
        assert (replay.replayed, replay.body["task_id"]) == (True, first.body["task_id"])
        path = "/" + links[0]["url"].split("/", 3)[3]
        assert client.ask("GET", path).status == 200
        assert client.submit(order("four"), key=created["key"]).code == "disabled_api_key"
        assert client.submit(order("four"), key=dropped["key"]).code == "invalid_api_key"


def shown(client: Client) -> dict[str, object]:
    """All that is shown, but for links, which carry the port of the day."""
    found = {what: client.get(f"/_mock/{what}?limit=1000") for what in SHOWN}
    for task in found["tasks"]["tasks"]:
        task.pop("output", None)
    assert KEY not in str(found)
    return found


def test_flags_that_are_given_override_what_was_stored(serve: Serve, db: str) -> None:
    server = serve("--db", db, "--progress", "manual", "--seed", "1")
    with Client(server.port) as client:
        client.control("clock", {"advance": 1000})
        before = client.get("/_mock/clock")
    server.stop()
    again = serve("--db", db, "--progress", "polls", "--speed", "3", "--seed", "2")
    with Client(again.port) as client:
        after = client.get("/_mock/clock")
    assert after == before | {"progress": "polls", "speed": 3.0, "seed": "2"}


@pytest.mark.parametrize("workers", [1, 2], ids=["one worker", "two workers"])
def test_a_server_whose_store_hangs_ends_within_its_grace(
    redis: RedisServer, serve: Serve, workers: int
) -> None:
    server = serve("--store", redis.url, "--workers", str(workers))
    with client_of_each(server, workers) as clients:
        before = server.processes()
        redis.signal(signal.SIGSTOP)
        with ThreadPoolExecutor(len(clients)) as pool:
            asked = [pool.submit(client.submit, order("one")) for client in clients]
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < Settings().drain_timeout + 2 * LAST
            assert until(lambda: not any(Path(f"/proc/{each}").exists() for each in before))
            for each in asked:  # what was asked is refused, or its connection ends
                assert isinstance(each.exception(), http.client.HTTPException | OSError) or (
                    each.result().status == 503
                )
    redis.signal(signal.SIGCONT)
    with Client(serve("--store", redis.url).port) as client:
        assert client.submit(order("two")).status == 200
