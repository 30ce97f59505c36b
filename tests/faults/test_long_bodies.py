"""Clients that send long bodies, or many requests, and stop in the middle: bounded together.

What is bounded is the most that the server ever held, however the processor is shared.
"""

import selectors
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.client import Client, order
from tests.faults.conftest import Serve
from tests.faults.hostile import KEY, MIB, TASKS, request
from tests.faults.memory import peak
from tests.faults.scale import rounds
from tests.faults.serving import Server
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

#: What the bounds of bodies are, sixteen of ten megabytes, and what each connection may hold.
MOST = 700 * MIB

#: Seconds without a byte taken after which the server takes no more.
QUIET = 1.0

NINE = 9 * MIB
LONG = b" " * NINE


def announcing(method: str, target: str, **headers: str) -> bytes:
    """A request whose last megabyte never comes."""
    return request(method, target, **{"Content_Length": str(NINE + MIB)} | headers) + LONG


def in_chunks(target: str) -> bytes:
    """A body in one chunk that never ends."""
    head = request("POST", target, Transfer_Encoding="chunked", Content_Length="")
    return head.replace(b"Content-Length: \r\n", b"") + b"%x\r\n" % (NINE + MIB) + LONG


def form(target: str) -> bytes:
    """A form whose file never ends."""
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n'
    part += b"Content-Type: video/mp4\r\n\r\n"
    head = request(
        "POST",
        target,
        Content_Type="multipart/form-data; boundary=x",
        Content_Length=str(NINE + MIB),
    )
    return head + part + LONG


#: What never ends, by name; how many bytes of it the server may keep beyond MOST, since it is
#: bounded elsewhere.
STOPPING: Mapping[str, tuple[bytes, int]] = {
    "submits": (announcing("POST", TASKS), 0),
    "submits in chunks": (in_chunks(TASKS), 0),
    "submits that wait for a time": (announcing("POST", TASKS, X_Mock_Script="delay=9999"), 0),
    "polls with a body": (
        announcing("GET", f"{TASKS}/task_1", X_Mock_Script="delay=9999"),
        0,
    ),
    "estimates": (announcing("POST", "/_mock/estimate"), 0),
    "estimates in chunks": (in_chunks("/_mock/estimate"), 0),
    "forms of the control plane": (announcing("POST", "/_mock/scripts"), 0),
    "bodies for a page": (announcing("GET", "/_mock/ui/"), 0),
    "bodies for nobody": (announcing("POST", "/nowhere"), 0),
    "uploads": (announcing("POST", "/_mock/uploads", Content_Type="video/mp4"), 512 * MIB),
    "uploads in a form": (form("/_mock/uploads"), 512 * MIB),
    "requests one behind the other": (
        request("GET", f"{TASKS}/task_1", Connection="keep-alive") * (NINE // 180),
        0,
    ),
    "requests behind one that waits": (
        request("GET", f"{TASKS}/x", Connection="keep-alive", X_Mock_Script="delay=9999")
        + request("GET", "/_mock/tasks", Connection="keep-alive") * (NINE // 180),
        0,
    ),
    "submits behind one that waits": (
        request("GET", f"{TASKS}/x", Connection="keep-alive", X_Mock_Script="delay=9999")
        + announcing("POST", TASKS),
        0,
    ),
}


@pytest.mark.parametrize("name", STOPPING)
def test_what_stops_in_the_middle_stays_within_a_bound_and_lets_others_pass(
    serve: Serve, name: str
) -> None:
    stop_in_the_middle(serve("--progress", "manual"), name)


@pytest.mark.parametrize("name", ["submits", "submits that wait for a time", "estimates"])
def test_what_stops_in_the_middle_stays_within_a_bound_over_a_networked_store_too(
    serve: Serve, tmp_path: Path, name: str
) -> None:
    with RedisServer(tmp_path) as redis:
        stop_in_the_middle(serve("--progress", "manual", "--store", redis.url), name)


def stop_in_the_middle(server: Server, name: str) -> None:
    sent, beyond = STOPPING[name]
    count = rounds(check=300 if name == "submits" else 100, soak=300)
    large = order("large")
    large["input"]["video_urls"] = ["data:video/mp4;base64," + "A" * 5 * MIB]  # type: ignore[index]
    with Client(server.port, KEY) as client, peak(server) as more, flood(server, sent, count):
        assert client.submit(large).status == 200
        print(f"{count} {name}: at most {more() // MIB} MiB more")
        assert more() < MOST + beyond


@contextmanager
def flood(server: Server, sent: bytes, count: int) -> Iterator[None]:
    """Clients that each send until the server takes no more, never read, and stay."""
    with ExitStack() as opened, selectors.DefaultSelector() as ready:
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", server.port), timeout=90)
            opened.enter_context(client).setblocking(False)
            ready.register(client, selectors.EVENT_WRITE, memoryview(sent))
        while events := ready.select(QUIET):
            push(ready, [key for key, _ in events])
        yield


def push(ready: selectors.BaseSelector, writable: Sequence[selectors.SelectorKey]) -> None:
    """Send what each of them can take now."""
    for key in writable:
        assert isinstance(key.fileobj, socket.socket)
        try:
            rest = key.data[key.fileobj.send(key.data[: 256 * 1024]) :]
        except (ConnectionResetError, BrokenPipeError):  # the server has refused it, and closed
            rest = b""
        if rest:
            ready.modify(key.fileobj, selectors.EVENT_WRITE, rest)
        else:
            ready.unregister(key.fileobj)
