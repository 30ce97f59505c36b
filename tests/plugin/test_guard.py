"""The guard: what is not answered in process does not reach the vendor either."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import anyio
import curl_cffi
import grpc
import grpc.aio
import primp
import pycurl
import pytest
import trio
import uvloop
from pyreqwest.client import ClientBuilder, SyncClientBuilder
from pyreqwest.simple.sync_request import pyreqwest_get

from mock_mindvideo.plugin.guard import StoppedConnection
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from tests.plugin.conftest import Run
from tests.transports.clients import CLIENTS

HOST = "api.mindvideo.ai"
ADDRESS = (HOST, 443)
TASK = "/api/v1/tasks/task_x"


def by_name(method: str) -> Callable[[], None]:
    def connect() -> None:
        with socket.socket() as raw:
            getattr(raw, method)(ADDRESS)

    return connect


def in_uvloop(work: Callable[[], Any]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


async def sock_connect() -> None:
    with socket.socket() as raw:
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ADDRESS)


async def look_up() -> None:
    await asyncio.get_running_loop().getaddrinfo(HOST, 443)


async def curl_cffi_in_asyncio() -> None:
    async with curl_cffi.AsyncSession() as session:
        await session.get(f"https://{HOST}{TASK}")


async def primp_in_asyncio() -> None:
    await primp.AsyncClient().request("GET", f"https://{HOST}{TASK}")


def by_pyreqwest() -> None:
    with SyncClientBuilder().base_url(f"https://{HOST}/").build() as client:
        client.get(TASK).build().send()


async def pyreqwest_in_asyncio() -> None:
    client = ClientBuilder().build()
    async with client, client.get(f"https://{HOST}{TASK}").build_streamed():
        pass


def curl() -> pycurl.Curl:
    made = pycurl.Curl()
    made.setopt(pycurl.URL, f"https://{HOST}{TASK}")
    return made


def several_by_curl() -> None:
    multi = pycurl.CurlMulti()
    multi.add_handle(curl())


def by_grpc(kind: str, *sent: Any) -> Callable[[], None]:
    def call() -> None:
        with grpc.insecure_channel(f"dns:///{HOST}:443") as channel:
            answer = getattr(channel, kind)("/tasks/Get")(*sent)
            if "stream" in kind:
                list(answer)

    return call


async def grpc_in_asyncio() -> None:
    async with grpc.aio.insecure_channel(f"{HOST}:443") as channel:
        await channel.unary_unary("/tasks/Get")(b"", timeout=5)


#: Ways to connect that are not answered in process.
UNANSWERED: dict[str, Callable[[], Any]] = {
    "socket.create_connection": lambda: socket.create_connection(ADDRESS, timeout=5),
    "socket.connect": by_name("connect"),
    "socket.connect_ex": by_name("connect_ex"),
    "socket.getaddrinfo": lambda: socket.getaddrinfo(*ADDRESS),
    "socket.gethostbyname": lambda: socket.gethostbyname(HOST),
    "a name in capitals with a dot": lambda: socket.gethostbyname("API.MindVideo.ai."),
    "asyncio.open_connection": lambda: asyncio.run(asyncio.open_connection(*ADDRESS)),
    "loop.sock_connect": lambda: asyncio.run(sock_connect()),
    "uvloop's open_connection": lambda: in_uvloop(lambda: asyncio.open_connection(*ADDRESS)),
    "uvloop's sock_connect": lambda: in_uvloop(sock_connect),
    "uvloop's getaddrinfo": lambda: in_uvloop(look_up),
    "trio.open_tcp_stream": lambda: trio.run(trio.open_tcp_stream, *ADDRESS),
    "anyio.connect_tcp": lambda: anyio.run(anyio.connect_tcp, *ADDRESS),
    "pycurl": lambda: curl().perform(),
    "pycurl into bytes": lambda: curl().perform_rb(),
    "pycurl, several": several_by_curl,
    "curl_cffi": lambda: curl_cffi.get(f"https://{HOST}{TASK}"),
    "curl_cffi in asyncio": lambda: asyncio.run(curl_cffi_in_asyncio()),
    "primp": lambda: primp.get(f"https://{HOST}{TASK}"),
    "primp's client": lambda: primp.Client(base_url=f"https://{HOST}").get(TASK),
    "primp in asyncio": lambda: asyncio.run(primp_in_asyncio()),
    "pyreqwest": by_pyreqwest,
    "pyreqwest at once": lambda: pyreqwest_get(f"https://{HOST}{TASK}").send(),
    "pyreqwest in asyncio": lambda: asyncio.run(pyreqwest_in_asyncio()),
    "grpc": by_grpc("unary_unary", b""),
    "grpc, a stream": by_grpc("unary_stream", b""),
    "grpc, to and fro": by_grpc("stream_stream", iter([b""])),
    "grpc in asyncio": lambda: asyncio.run(grpc_in_asyncio()),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_stopped_where_the_test_has_no_fixture(name: str) -> None:
    with pytest.raises(StoppedConnection, match="let the test ask for mindvideo") as stopped:
        CLIENTS[name]().request("GET", TASK)
    assert "connection to api.mindvideo.ai:443" in str(stopped.value)
    assert "test_a_client_is_stopped_where_the_test_has_no_fixture" in str(stopped.value)
    assert "mindvideo_guard = off" in str(stopped.value)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_stopped_after_the_end_of_a_fixture(name: str) -> None:
    client = CLIENTS[name]()
    with embedded_world("test_before", Options()):
        assert client.request("GET", TASK).status_code == 404
    with pytest.raises(StoppedConnection, match="that of test_before has ended"):
        client.request("GET", TASK)


@pytest.mark.parametrize("name", UNANSWERED)
def test_what_cannot_be_answered_is_stopped(name: str) -> None:
    with pytest.raises(StoppedConnection, match="let the test ask for mindvideo"):
        UNANSWERED[name]()


@pytest.mark.parametrize("name", UNANSWERED)
def test_what_cannot_be_answered_is_stopped_beside_the_fixture(
    name: str, mindvideo: MindVideo
) -> None:
    with pytest.raises(StoppedConnection, match="use mindvideo_live"):
        UNANSWERED[name]()


def test_the_hosts_of_a_marker_are_guarded_after_its_fixture() -> None:
    with embedded_world("test_before", Options(hosts=("video.example",))):
        pass
    with pytest.raises(StoppedConnection, match=r"video\.example:443"):
        CLIENTS["requests"]().request("GET", "https://video.example/")


def test_this_machine_is_never_guarded(mindvideo_live: MindVideo) -> None:
    with embedded_world("test_before", Options(hosts=("127.0.0.1", "localhost"))):
        pass
    with mindvideo_live.client() as client:
        assert client.get(TASK).status_code == 404


def test_connections_to_other_hosts_are_left_alone() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("other.invalid", 443)


def test_an_application_that_survives_every_error_does_not_survive_the_guard(run: Run) -> None:
    result = run("""
def test():
    try:
        submit()
    except Exception:
        pass
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*StoppedConnection: mindvideo: a connection to*What to do:*"])


WITHOUT = "mindvideo_hosts = vendor.invalid\nmindvideo_guard = off"
REACHES = """
import socket

def test():
    with pytest.raises(OSError):
        socket.create_connection(("vendor.invalid", 443))
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://vendor.invalid/")
"""


def test_the_guard_can_be_switched_off(run: Run) -> None:
    run(REACHES, ini=WITHOUT).assert_outcomes(passed=1)


def test_the_hosts_of_the_ini_file_are_guarded(run: Run) -> None:
    run(REACHES, ini="mindvideo_hosts = vendor.invalid").assert_outcomes(failed=1)


def test_other_sessions_in_the_process_change_nothing(run: Run) -> None:
    run("def test():\n    pass", ini="mindvideo_guard = off")
    with pytest.raises(StoppedConnection):
        socket.getaddrinfo(*ADDRESS)


LEFT_BEHIND = """
import threading
from concurrent.futures import ThreadPoolExecutor

GO, TOLD, THREADS = threading.Event(), [], []
POOL = ThreadPoolExecutor(1)

def late():
    GO.wait()
    try:
        TOLD.append(submit().status_code)
    except BaseException as problem:
        TOLD.append(problem)

def again():
    thread = threading.Thread(target=late)
    thread.start()
    thread.join()

def test_one(mindvideo):
    THREADS.extend(threading.Thread(target=each, name="worker") for each in (late, again))
    for each in THREADS:
        each.start()
    assert POOL.submit(submit).result().status_code == 200

def test_two(FIXTURE):
    GO.set()
    for each in THREADS:
        each.join()
    for problem in TOLD:
        assert "was started in test_app.py::test_one, and has outlived it" in str(problem)
        assert "stop or join the thread" in str(problem)
    assert len(TOLD) == 2

def test_three(mindvideo):
    assert POOL.submit(submit).result().status_code == 200
    assert len(mindvideo.tasks) == 1
"""


@pytest.mark.parametrize("fixture", ["mindvideo", "request"])
def test_a_thread_that_outlives_its_test_is_stopped_in_the_next(run: Run, fixture: str) -> None:
    run(LEFT_BEHIND.replace("FIXTURE", fixture)).assert_outcomes(passed=3)


def test_a_thread_of_a_wider_fixture_serves_every_test(run: Run) -> None:
    run("""
import queue, threading

@pytest.fixture(scope="module")
def worker():
    jobs, done = queue.Queue(), queue.Queue()

    def work():
        while jobs.get():
            done.put(submit().status_code)

    thread = threading.Thread(target=work)
    thread.start()
    yield lambda: (jobs.put(True), done.get(timeout=10))[1]
    jobs.put(False)
    thread.join()

@pytest.mark.parametrize("number", range(2))
def test(worker, mindvideo, number):
    assert worker() == 200
    assert len(mindvideo.tasks) == 1
""").assert_outcomes(passed=2)
