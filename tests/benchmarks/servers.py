"""Starting and stopping the Python servers: ours, bare uvicorn, and the naive mock.

Every server is told its port, and counts as started with its first 200. Bare and naive run
under the settings that `serve` uses: uvloop, httptools, no access log, no `server` header.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.benchmarks.wire import POST_WITHOUT_KEY, Request

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 60.0
STOP_LIMIT = 10.0
OK = 200
LAST_WORDS = 300


class UnavailableError(Exception):
    """This machine cannot run that server; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    `started`: seconds from spawning it to its first 200; `warm`: requests until it runs at full
    speed, taken generously.
    """

    name: str
    port: int
    pid: int
    started: float
    warm: int = 20_000


def status(port: int, request: Request) -> tuple[int, bytes]:
    """Send one request, answer its status and body; (0, b"") while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(request.method, request.path, request.body, request.headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (ConnectionError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_success(server: Server, poll: Request) -> None:
    """Wait until that task has succeeded."""
    limit = time.monotonic() + START_LIMIT
    while b'"succeeded"' not in (answer := status(server.port, poll))[1]:
        if time.monotonic() > limit:
            message = f"{server.name}: {poll.path} never succeeded: {answer}"
            raise UnavailableError(message)
        time.sleep(0.05)


@contextmanager
def running(
    name: str, port: int, command: Sequence[str], ready: Request = POST_WITHOUT_KEY
) -> Iterator[Server]:
    """The command as a server, from its first 200 to `ready` until the end of the block."""
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=compiled(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_first_answer(name, process, port, ready, log)
            yield Server(name, port, process.pid, time.perf_counter() - began)
        finally:
            _stop(process)


def _await_first_answer(
    name: str, process: subprocess.Popen[bytes], port: int, ready: Request, log: IO[bytes]
) -> None:
    limit = time.monotonic() + START_LIMIT
    answer = 0
    while answer != OK:
        if process.poll() is not None or time.monotonic() > limit:
            log.seek(0)
            words = " ".join(log.read().decode(errors="replace").split())[-LAST_WORDS:]
            message = f"no {name}: it did not start (last answer {answer}): … {words}"
            raise UnavailableError(message)
        time.sleep(0.002)
        answer, _ = status(port, ready)


def compiled() -> dict[str, str]:
    """An environment in which Python keeps its bytecode, as it does for an installed package."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(ROOT / ".build" / "pycache")}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def ours(*options: str, watch: Path | None = None) -> Iterator[Server]:
    """`mock-mindvideo serve` with its defaults, but for a quiet log and the given options."""
    port = free_port()
    serve = ["serve", "--port", str(port), "--log-level", "warning", *options]
    with running("ours", port, [*_python(watch), "mock_mindvideo", *serve]) as server:
        yield server


@contextmanager
def uvicorn(name: str, watch: Path | None = None) -> Iterator[Server]:
    """The ASGI application of `tests/benchmarks/NAME.py` under `serve`'s uvicorn settings."""
    port = free_port()
    settings = ["--loop", "uvloop", "--http", "httptools", "--lifespan", "off"]
    settings += ["--no-server-header", "--no-proxy-headers", "--timeout-keep-alive", "75"]
    quiet = ["--no-access-log", "--log-level", "warning", "--port", str(port)]
    command = [*_python(watch), "uvicorn", f"tests.benchmarks.{name}:app", *settings, *quiet]
    with running(name, port, command) as server:
        yield server


def _python(watch: Path | None) -> list[str]:
    watcher = ["tests.benchmarks.gcwatch", str(watch)] if watch else []
    return [sys.executable, "-m", *watcher]
