"""Load from wrk: 32 keep-alive connections, each sends its next request when it has its answer.

wrk is one small C process, so on a machine with two cores the server has a core to itself.
"""

import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.process import cpu_seconds
from tests.benchmarks.servers import Server
from tests.benchmarks.wire import KEY_LENGTH, Request

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("load.lua")


class LoadFailedError(Exception):
    """A server answered something else than 2xx, or not at all; its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One round against one server; latencies in seconds, `cpu` the server's own."""

    requests: int
    seconds: float
    cpu: float
    p99: float
    slowest: float


def missing() -> str | None:
    """Why no load can be made here, if so."""
    if not Path("/proc/self/smaps_rollup").exists():
        return "CPU and memory are read from /proc: Linux only"
    return None if shutil.which("wrk") else "wrk is not installed: apt-get install wrk"


def drive(server: Server, requests: Sequence[Request], seconds: int) -> Sample:
    """Send the requests in turn for that long."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\0".join(request.render(server.port) for request in requests))
        file.flush()
        before = cpu_seconds(server.pid)
        figures = _wrk(server.port, file.name, seconds)
        cpu = cpu_seconds(server.pid) - before
    if failed := figures.pop("failed"):
        message = f"{server.name}: {failed:.0f} of {figures['requests']:.0f} requests failed"
        raise LoadFailedError(message)
    return Sample(cpu=cpu, requests=int(figures.pop("requests")), **figures)


def _wrk(port: int, file: str, seconds: int) -> dict[str, float]:
    options = [f"--connections={CONNECTIONS}", "--threads=1", "--timeout=30s"]
    script = [
        f"--duration={seconds}s",
        "--script",
        str(SCRIPT),
        f"http://127.0.0.1:{port}",
        "--",
        file,
    ]
    prefix = f"bench-{secrets.token_hex(7)}-x"[: KEY_LENGTH - 10]
    done = subprocess.run(
        ["wrk", *options, *script, prefix],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def warm_up(server: Server, requests: Sequence[Request]) -> None:
    """Send what this server needs until its caches are full and its hot code is compiled."""
    sent = 0
    while sent < server.warm:
        sent += drive(server, requests, 2).requests
