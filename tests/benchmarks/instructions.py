"""Instructions of the processor for each request: `python -m tests.benchmarks.instructions`.

A connection of the mock is given requests in a process of its own under valgrind's callgrind, and
so is uvicorn's own connection with the bare application; no socket, no kernel. What starting takes
is subtracted: each number is the difference of two runs. Neighbours do not move these figures, so
that they tell what a change costs; they do not tell times, since caches and the kernel are not
counted.
"""

import asyncio
import gc
import re
import subprocess
import sys
from typing import Any

import uvloop
from uvicorn import Config
from uvicorn.server import ServerState

from mock_mindvideo import Settings, create_app
from mock_mindvideo.serving.configuration import configuration
from tests.benchmarks import bare
from tests.benchmarks.wire import KEY, KEY_LENGTH, POST, POST_OTHER_PROMPT, Request, polls

#: Requests in the two runs.
FEW, MANY = 50, 250

KINDS = ("GET", "POST", "POST, another prompt each")
PORT = 8080


class Wire:
    """A transport that keeps the last answer and counts all."""

    def __init__(self) -> None:
        self.answers = 0
        self.last = b""

    def write(self, data: bytes) -> None:
        self.answers += data.startswith(b"HTTP/1.1 ")
        self.last = data

    def get_extra_info(self, name: str, default: object = None) -> object:
        return ("127.0.0.1", PORT) if name in ("peername", "sockname") else default

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


def connection(side: str) -> tuple[Any, Wire]:
    """One that is open; `side` is `ours` or `bare`."""
    if side == "bare":
        config = Config(bare.app, http="httptools", ws="none", log_config=None, access_log=False)
    else:
        settings = Settings(log_level="warning", speed=1000.0)
        config = configuration(settings, create_app(settings))
    if not config.loaded:
        config.load()
    state, wire = ServerState(), Wire()
    state.default_headers = [(b"date", b"Fri, 27 Nov 2026 08:42:51 GMT")]
    made: Any = config.http_protocol_class
    protocol = made(config=config, server_state=state, app_state={})
    protocol.connection_made(wire)
    return protocol, wire


def sent(request: Request, number: int) -> bytes:
    """The bytes of a request, its key another for each number."""
    return request.render(PORT).replace(KEY.encode(), b"%0*d" % (KEY_LENGTH, number))


async def run(side: str, kind: str, count: int) -> None:
    """Send so many requests, each when the last one is answered."""
    protocol, wire = connection(side)
    gc.disable()
    request = {"POST": POST, KINDS[2]: POST_OTHER_PROMPT}.get(kind) or await ended(protocol, wire)
    for number in range(count):
        await answered(protocol, wire, sent(request, number))


async def ended(protocol: Any, wire: Wire) -> Request:
    """A poll of a task that has succeeded."""
    await answered(protocol, wire, sent(POST, 10**9))
    found = re.search(rb'"task_id":"(\w+)"', wire.last)
    await asyncio.sleep(0.1)
    return polls([found[1].decode() if found else "task_demo_model"])[0]


async def answered(protocol: Any, wire: Wire, raw: bytes) -> None:
    """Send a request, and wait for its answer."""
    before = wire.answers
    protocol.data_received(raw)
    while wire.answers == before:
        await asyncio.sleep(0)


def count(side: str, kind: str, requests: int) -> int:
    """The instructions of a whole run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable]
    done = subprocess.run(
        [*command, "-m", __spec__.name, side, kind, str(requests)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        sys.exit(f"valgrind told nothing: {done.stderr[-500:]}")
    return int(found[1])


def main() -> None:
    """Print a line for each kind of request."""
    for kind in KINDS:
        ours, base = (
            (count(side, kind, MANY) - count(side, kind, FEW)) // (MANY - FEW)
            for side in ("ours", "bare")
        )
        print(f"{kind:26} ours {ours:9,}  bare {base:9,}  ratio {ours / base:.2f}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    else:
        main()
