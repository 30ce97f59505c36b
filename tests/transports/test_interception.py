"""Interception takes what belongs to the mock, and leaves everything else alone."""

import asyncio
import http.client
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import aiohttp
import httpcore
import httpcore2
import httplib2
import httpx
import httpx2
import pytest
import respx
import urllib3.connection

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from mock_mindvideo.transports.answering import guarded
from tests.conftest import AUTH, TASKS, example
from tests.transports.unpatched import unpatched

URL = f"https://api.mindvideo.ai{TASKS}"

HOOK = "__init_subclass__"
POOLS = [
    kind
    for library in (httpcore, httpcore2)
    for kind in (library.ConnectionPool, library.AsyncConnectionPool)
]
CONNECTIONS = [
    http.client.HTTPConnection,
    http.client.HTTPSConnection,
    urllib3.connection.HTTPConnection,
    urllib3.connection.HTTPSConnection,
    httplib2.HTTPConnectionWithTimeout,
    httplib2.HTTPSConnectionWithTimeout,
]


class Other(BaseHTTPRequestHandler):
    """Somebody else's server."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"other")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def other():
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_other_hosts_are_reached_over_the_network(library, mindvideo: MindVideo, other) -> None:
    assert library.get(other, trust_env=False).text == "other"
    assert library.get(f"{URL}/task_x", headers=AUTH).status_code == 404


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_the_users_own_respx_routes_are_left_alone(using, mindvideo: MindVideo) -> None:
    with respx.mock(using=using, assert_all_called=False) as router:
        router.get("https://other.example/x").respond(json={"mine": True})
        router.route(host="api.mindvideo.ai").pass_through()

        assert httpx.get("https://other.example/x").json() == {"mine": True}
        assert httpx.post(URL, headers=AUTH, json=example()).status_code == 200


def test_a_mounted_respx_router_decides_and_counts(mindvideo: MindVideo) -> None:
    with respx.mock as router:
        router.post(URL, headers={"X-Mine": "yes"}).respond(418)
        (route,) = mindvideo.mount(router)
        router.get("https://other.example/x").respond(json={"mine": True})

        with httpx.Client() as client:
            assert client.post(URL, headers=AUTH, json=example()).status_code == 200
            assert client.post(URL, headers={"X-Mine": "yes"}).status_code == 418
            assert client.get("https://other.example/x").json() == {"mine": True}
    assert route.call_count == 1


def test_a_mounted_router_serves_async_clients_and_their_streams(mindvideo: MindVideo) -> None:
    async def follow(task_id: str) -> list[str]:
        async with (
            httpx.AsyncClient(headers=AUTH) as client,
            client.stream("GET", f"{URL}/{task_id}/events") as answer,
        ):
            return [line async for line in answer.aiter_lines() if line.startswith("id: ")]

    with respx.mock as router:
        mindvideo.mount(router)
        task_id = httpx.post(URL, headers=AUTH, json=example()).json()["task_id"]
        assert asyncio.run(follow(task_id)) == ["id: 1", "id: 2", "id: 3"]


def test_a_mounted_router_raises_what_the_connection_would(mindvideo: MindVideo) -> None:
    mindvideo.script("drop@before-commit")
    with respx.mock as router:
        mindvideo.mount(router)

        with pytest.raises(httpx.RemoteProtocolError, match="Server disconnected"):
            httpx.post(URL, headers=AUTH, json=example())


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_transports_serve_clients_that_were_built_by_hand(library, mindvideo: MindVideo) -> None:
    with library.Client(base_url="http://anywhere.test", transport=mindvideo.transport) as client:
        assert client.post(TASKS, headers=AUTH, json=example()).status_code == 200


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_the_handles_clients_carry_its_address_and_key(library, mindvideo: MindVideo) -> None:
    with mindvideo.client(library) as client:
        assert isinstance(client, library.Client)
        assert client.post(TASKS, json=example()).status_code == 200


def test_threads_share_the_world(mindvideo: MindVideo) -> None:
    def submit(number: int) -> int:
        return httpx.post(URL, headers=AUTH, json=example(duration=5)).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(submit, range(40))) == {200}
    assert len(mindvideo.tasks) == 40


def what_is_patched() -> list[object]:
    return [
        *(each.create_connection for each in POOLS),
        *(vars(each).get("connect") for each in CONNECTIONS),
        *(http.client.HTTPConnection.__dict__.get(name) for name in ("putrequest", HOOK)),
        *(each._create_connection for each in (aiohttp.TCPConnector, aiohttp.UnixConnector)),
        aiohttp.BaseConnector.connect,
        aiohttp.StreamReader._wait,
    ]


def test_nothing_stays_patched_afterwards() -> None:
    with unpatched():
        before = what_is_patched()
        with embedded_world("a", Options()), embedded_world("b", Options()):
            during = what_is_patched()
        assert all(one is not other for one, other in zip(before, during, strict=True))
        assert what_is_patched() == before


def test_a_patch_over_ours_outlives_it_and_passes_on(monkeypatch) -> None:
    with unpatched():
        original = httpcore.ConnectionPool.create_connection
        with embedded_world("a", Options()):
            ours = httpcore.ConnectionPool.create_connection

            def theirs(self, origin):
                return ours(self, origin)

            monkeypatch.setattr(httpcore.ConnectionPool, "create_connection", theirs)

        assert httpcore.ConnectionPool.create_connection is theirs
        with guarded(None), httpcore.ConnectionPool() as pool:
            made = pool.create_connection(httpcore.URL(URL).origin)
        assert isinstance(made, httpcore.HTTPConnection)
        monkeypatch.setattr(httpcore.ConnectionPool, "create_connection", original)
