"""A live world shares the time of its test, child processes too; real peers have real time."""

import asyncio
import http.server
import multiprocessing
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
import requests
import trio

from mock_mindvideo import MindVideo
from tests.conftest import TASKS, example

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(60)]


def passed(world: MindVideo, began: datetime) -> float:
    return (world.now - began).total_seconds()


def create(world: MindVideo) -> str:
    answer = requests.post(
        world.base_url + TASKS,
        json=example(),
        headers={"Authorization": f"Bearer {world.api_key}"},
        timeout=60,
    )
    return str(answer.json()["task_id"])


def test_a_poll_loop_over_http_takes_no_time(mindvideo_live: MindVideo) -> None:
    began, task_id = mindvideo_live.now, create(mindvideo_live)
    with mindvideo_live.client(timeout=60) as client:
        while client.get(f"{TASKS}/{task_id}").json()["status"] != "succeeded":
            time.sleep(2)
    assert passed(mindvideo_live, began) == 10


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_timeouts_of_a_client_do_not_fire_while_the_server_works(
    mindvideo_live: MindVideo, library: str
) -> None:
    async def poll() -> None:
        async with mindvideo_live.async_client(timeout=60) as client:
            for _ in range(40):
                assert (await client.get(f"{TASKS}/{task_id}")).status_code == 200

    began, task_id = mindvideo_live.now, create(mindvideo_live)
    asyncio.run(poll()) if library == "asyncio" else trio.run(poll)
    assert passed(mindvideo_live, began) == 0


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_stream_over_http_takes_no_time(mindvideo_live: MindVideo, kind: str) -> None:
    began, task_id = mindvideo_live.now, create(mindvideo_live)
    path = f"{TASKS}/{task_id}/events"

    async def follow() -> None:
        async with mindvideo_live.async_client(timeout=60) as client:
            assert "task.succeeded" in (await client.get(path)).text

    if kind == "sync":
        with mindvideo_live.client(timeout=60) as client:
            assert "task.succeeded" in client.get(path).text
    else:
        asyncio.run(follow()) if kind == "asyncio" else trio.run(follow)
    assert passed(mindvideo_live, began) == 10


def test_a_stream_over_http_waits_with_a_sleeper(mindvideo_live: MindVideo) -> None:
    began, task_id, naps = mindvideo_live.now, create(mindvideo_live), list[float]()

    def nap() -> None:
        for _ in range(4):
            time.sleep(3)
            naps.append(passed(mindvideo_live, began))

    thread = threading.Thread(target=nap)
    thread.start()
    with mindvideo_live.client(timeout=60) as client:
        assert "task.succeeded" in client.get(f"{TASKS}/{task_id}/events").text
    ended = passed(mindvideo_live, began)
    thread.join()
    assert ended in (10, 12)
    assert naps == [3, 6, 9, 12]


def test_both_worlds_of_a_test_share_one_time(
    mindvideo: MindVideo, mindvideo_live: MindVideo
) -> None:
    both = (mindvideo, mindvideo_live)
    began = [world.now for world in both]

    time.sleep(100)
    assert [passed(*each) for each in zip(both, began, strict=True)] == [100, 100]
    mindvideo.advance(20)
    assert [passed(*each) for each in zip(both, began, strict=True)] == [120, 120]
    mindvideo_live.advance(5)
    assert [passed(*each) for each in zip(both, began, strict=True)] == [125, 125]


@pytest.mark.mindvideo(virtual_time=False)
def test_virtual_time_that_begins_for_one_world_begins_for_both(
    mindvideo: MindVideo, mindvideo_live: MindVideo
) -> None:
    began = mindvideo_live.now
    with mindvideo.virtual_time():
        time.sleep(100)
    assert passed(mindvideo_live, began) == 100
    assert mindvideo_live.progress == mindvideo.progress == "polls"


def nap_and_poll(world: MindVideo, task_id: str) -> None:
    with world.client(timeout=60) as client:
        while client.get(f"{TASKS}/{task_id}").json()["status"] != "succeeded":
            time.sleep(3)
    world.advance(88)


def test_a_forked_child_moves_time_for_both(
    mindvideo_live: MindVideo, mindvideo: MindVideo
) -> None:
    began, other, clock = mindvideo_live.now, mindvideo.now, time.monotonic()
    task_id = create(mindvideo_live)
    child = multiprocessing.get_context("fork").Process(
        target=nap_and_poll, args=(mindvideo_live, task_id)
    )
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert time.monotonic() - clock == pytest.approx(100, abs=0.1)
    assert passed(mindvideo_live, began) == pytest.approx(100, abs=0.1)
    assert passed(mindvideo, other) == pytest.approx(100, abs=0.1)


SLOW_PEER = """
import http.server, time

class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.5)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def slow_peer() -> Iterator[str]:
    """Another process's server, which takes half a real second for each answer."""
    command = [sys.executable, "-c", SLOW_PEER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        process.kill()


class Patient(http.server.BaseHTTPRequestHandler):
    """An application that waits before it answers."""

    def do_GET(self) -> None:
        time.sleep(300)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_server_of_the_test_waits_in_virtual_time(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Patient) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert requests.get(url, timeout=60).status_code == 204
        assert httpx.get(url, timeout=60).status_code == 204
        server.shutdown()
        thread.join()
    assert passed(mindvideo, began) == 600


def silent_peer() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_a_real_peer_has_real_time_to_answer(
    mindvideo: MindVideo, slow_peer: str, library: str
) -> None:
    async def ask() -> None:
        async with httpx.AsyncClient(timeout=30) as client:
            assert (await client.get(slow_peer)).text == "ok"

    began = mindvideo.now
    asyncio.run(ask()) if library == "asyncio" else trio.run(ask)
    assert requests.get(slow_peer, timeout=30).text == "ok"
    assert passed(mindvideo, began) == 0


def test_virtual_time_stands_while_a_real_peer_is_waited_for(
    mindvideo: MindVideo, slow_peer: str
) -> None:
    began, over = mindvideo.now, threading.Event()

    def beat() -> None:
        while not over.is_set():
            time.sleep(60)

    thread = threading.Thread(target=beat)
    thread.start()
    assert requests.get(slow_peer, timeout=30).text == "ok"
    assert passed(mindvideo, began) == 0
    over.set()
    time.sleep(61)
    thread.join()


def test_a_real_timeout_is_real(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with silent_peer() as peer, pytest.raises(requests.Timeout):
        requests.get(f"http://127.0.0.1:{peer.getsockname()[1]}/", timeout=0.3)
    assert passed(mindvideo, began) == 0


def test_a_real_timeout_of_a_loop_is_real(mindvideo: MindVideo) -> None:
    began = mindvideo.now

    async def ask(port: int) -> None:
        async with httpx.AsyncClient(timeout=0.3) as client:
            await client.get(f"http://127.0.0.1:{port}/")

    with silent_peer() as peer, pytest.raises(httpx.TimeoutException):
        asyncio.run(ask(peer.getsockname()[1]))
    assert passed(mindvideo, began) < 1
