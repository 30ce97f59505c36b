"""While a store is waited for, the event loop serves everybody else."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import Any

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.transports.by_hand import AsyncTransport
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web import app as wiring
from mock_mindvideo.web import threads
from tests.blocking.slow_store import SlowStore
from tests.conftest import AUTH, TASKS, example


class Stuck(SlowStore):
    """A store whose next `create` hangs until it is let go."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.asked, self.let_go = Event(), Event()

    def create(self, *arguments: Any) -> Any:
        self.asked.set()
        assert self.let_go.wait(60)
        return self.__getattr__("create")(*arguments)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    made: list[Stuck] = []

    def open_store(settings: Settings, lifecycle: Any, clock: Any = None) -> Stuck:
        return made[0]

    monkeypatch.setattr(wiring, "open_store", open_store)
    made.append(Stuck(wiring.catalog_of(()).lifecycle))
    yield made[0]
    made[0].let_go.set()
    assert made[0].misused == []


@pytest.fixture
def server(store: Stuck) -> Iterator[MockServer]:
    with MockServer(Settings(port=0, progress="polls", log_level="warning")) as running:
        yield running


def test_others_are_answered_while_a_submit_hangs_in_the_store(
    server: MockServer, store: Stuck
) -> None:
    with (
        httpx2.Client(base_url=server.url, headers=AUTH, timeout=60) as client,
        ThreadPoolExecutor() as pool,
    ):
        submit = pool.submit(client.post, TASKS, json=example())
        assert store.asked.wait(60)
        assert client.get(f"{TASKS}/nothing").status_code == 404
        assert client.get("/_mock/health").status_code == 200
        assert client.post("/_mock/uploads", content=b"x" * 300_000).status_code < 500
        assert not submit.done()
        store.let_go.set()
        task = f"{TASKS}/{submit.result().json()['task_id']}"
        assert client.get(task).json()["status"] == "queued"
        events = client.get(f"{task}/events", headers={"Accept": "text/event-stream"})
        assert events.text.count("event: ") == 3


def test_a_server_that_stops_lets_a_call_of_the_store_end_first(store: Stuck) -> None:
    settings = Settings(port=0, progress="manual", log_level="warning")
    with ThreadPoolExecutor() as pool:
        with MockServer(settings) as server:
            submit = pool.submit(
                httpx2.post, f"{server.url}{TASKS}", json=example(), headers=AUTH, timeout=60
            )
            assert store.asked.wait(60)
            store.let_go.set()
        assert submit.result().status_code == 200
    assert len(list(store.tasks("default"))) == 1


def test_a_client_in_the_same_loop_goes_on_while_its_submit_hangs_in_the_store(
    store: Stuck,
) -> None:
    app = wiring.create_app(Settings(progress="polls"))
    embedded = Embedded(app, Patience(app.worlds.open("default")))

    async def both() -> tuple[int, int]:
        transport: Any = AsyncTransport(embedded)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://mock", headers=AUTH
        ) as client:
            submit = asyncio.create_task(client.post(TASKS, json=example()))
            while not store.asked.is_set():
                await asyncio.sleep(0)
            other = await client.get(f"{TASKS}/nothing")
            assert not submit.done()
            store.let_go.set()
            return other.status_code, (await submit).status_code

    assert asyncio.run(both()) == (404, 200)


def test_embedded_stores_are_called_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(most: int) -> Any:
        raise AssertionError("a thread was asked for")

    monkeypatch.setattr(threads, "_threads", refuse)
    with MockServer(Settings(port=0, progress="polls", log_level="warning")) as server:
        sent = httpx2.post(f"{server.url}{TASKS}", json=example(), headers=AUTH)
        assert sent.status_code == 200
        assert httpx2.get(f"{server.url}/_mock/ledger", headers=AUTH).status_code == 200


HALF = {
    "uploads": b"POST /_mock/uploads HTTP/1.1\r\nContent-Type: video/mp4\r\n",
    "uploads that are asked for": b"POST /_mock/uploads HTTP/1.1\r\nContent-Type: video/mp4\r\n"
    b"Expect: 100-continue\r\n",
    "forms": b"POST /_mock/scripts HTTP/1.1\r\n",
    "changes": b"GET /_mock/changes HTTP/1.1\r\n",
}


@pytest.mark.parametrize("name", HALF)
def test_clients_that_never_end_a_request_take_no_thread_from_others(
    server: MockServer, name: str
) -> None:
    port = int(server.url.rpartition(":")[2])
    sent = HALF[name] + b"Host: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"
    count = threads.REQUESTS.most + 8
    with ExitStack() as opened:
        for _ in range(count):
            client = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(sent + b"x")
        with httpx2.Client(base_url=server.url, headers=AUTH, timeout=60) as client:
            for path in ("/_mock/live", "/_mock/ready", "/_mock/clock", "/_mock/tasks"):
                assert client.get(path).status_code == 200
            assert client.post("/_mock/clock", json={"advance": 1}).status_code == 200
