"""Long files and clients that do not read cost a server next to nothing."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.cli.test_serve import Running, running
from tests.conftest import AUTH

__all__ = ["running"]

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
LONG = 100 * MIB
SILENT = 100

#: What all of them together may cost; one copy of the file would be more.
MOST = 64 * MIB


def resident(server: Running) -> int:
    """Bytes of memory that the process has."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(params=["in memory", "in a file"])
def server(request: pytest.FixtureRequest, running: type[Running], tmp_path: Path) -> Running:
    more = ["--db", str(tmp_path / "mock.db")] if request.param == "in a file" else []
    return running("--log-level", "warning", *more)


def body(size: int) -> Iterator[bytes]:
    for number in range(size // MIB):
        yield bytes([number % 251]) * MIB


def connected(server: Running) -> socket.socket:
    place = urlsplit(server.url)
    return socket.create_connection((place.hostname, place.port), timeout=60)


def test_clients_that_do_not_read_hold_no_copies(server: Running) -> None:
    headers = AUTH | {"Content-Type": "video/mp4"}
    made = httpx2.post(
        f"{server.url}/_mock/uploads", content=body(LONG), headers=headers, timeout=60
    )
    path = urlsplit(made.json()["url"]).path
    before = resident(server)
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=1-\r\n\r\n".encode()
    with ExitStack() as open_, httpx2.Client(timeout=60) as other:
        silent = [open_.enter_context(connected(server)) for _ in range(SILENT)]
        for each in silent:
            each.sendall(asked)
        for each in silent:
            assert each.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 206"
        waits = []
        for _ in range(50):
            began = time.perf_counter()
            assert other.get(f"{server.url}/_mock/health").status_code == 200
            waits.append(time.perf_counter() - began)
        assert resident(server) - before < MOST
        assert sorted(waits)[25] < 0.5  # a thousandth of it, where the machine is quiet
        last = bytes([(LONG // MIB - 1) % 251])
        assert other.get(made.json()["url"], headers={"Range": "bytes=-1"}).content == last


def test_a_whole_long_file_comes_back_as_it_was_sent(server: Running) -> None:
    headers = AUTH | {"Content-Type": "video/mp4"}
    made = httpx2.post(
        f"{server.url}/_mock/uploads", content=body(LONG), headers=headers, timeout=60
    )
    expected = body(LONG)
    with httpx2.stream("GET", made.json()["url"], timeout=60) as answer:
        for piece in answer.iter_bytes(MIB):
            assert piece == next(expected)
    assert next(expected, None) is None


def test_a_form_without_a_length_is_refused_at_the_bound(server: Running) -> None:
    """Of 600 MiB, so that a spool of them would show."""
    before = resident(server)
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n'
    head += b"Content-Type: video/mp4\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(
            b"POST /_mock/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n%b\r\n"
            % (len(head), head)
        )
        chunk, sent, most = b"%x\r\n%b\r\n" % (MIB, bytes(MIB)), 0, 0
        connection.settimeout(0)
        while not _answered(connection):
            assert sent < 200 * MIB, "it is still read"
            connection.settimeout(60)
            connection.sendall(chunk)
            connection.settimeout(0)
            sent += MIB
            most = max(most, resident(server) - before)
        connection.settimeout(60)
        assert connection.recv(12) == b"HTTP/1.1 413"
    assert sent >= LONG
    assert most < LONG + MOST
    assert httpx2.get(f"{server.url}/_mock/health").json()["counts"]["uploads"] == 0


def _answered(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
