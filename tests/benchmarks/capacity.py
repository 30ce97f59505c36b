"""`python -m tests.benchmarks.capacity`: what one process of a load-test target bears.

wrk submits over 32 connections, each with an idempotency key of its own, to a server with one
setting after another; the last row downloads a clip of 100 MB. Prints a Markdown table.
"""

import argparse
import http.client
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.servers import Server, ours, status
from tests.benchmarks.wire import POST, TASKS, Request
from tests.redis_server import RedisServer

#: What `--profile load` would refuse is lifted: this measures answers, not quotas.
_LIFTED = ("--quota", "100000000/1", "--latency", "none")

#: What is measured, and the options of `serve` for it.
ROWS: Sequence[tuple[str, Sequence[str]]] = (
    ("nothing set", ()),
    ("times drawn", ("--queued", "lognormal(3,0.6)", "--processing", "lognormal(20,0.4)")),
    ("1 % fail", ("--failures", "0.01")),
    ("50 in flight", ("--in-flight", "50")),
    ("a quota of requests", ("--quota", "100000000/1")),
    ("a quota of tasks", ("--quota", "tasks=100000000")),
    ("journal 1 in 100", ("--journal-sample", "100")),
    ("`--profile load`, quotas and latency lifted", ("--profile", "load", *_LIFTED)),
)

#: Megabits a second that make a clip of 5 s as long as 100 MB.
_BITRATE, _CLIP = "160", 100_000_000


def main() -> int:
    """Measure and print; 2 where nothing can be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.capacity")
    parser.add_argument("--seconds", type=int, default=10, help="for each figure")
    arguments = parser.parse_args()
    if reason := load.missing():
        sys.stderr.write(f"{reason}\n")
        return 2
    lines = chain(_head(), _rows(arguments.seconds), [_download()])
    for line in lines:
        print(line, flush=True)
    return 0


def _head() -> Iterator[str]:
    yield f"Python {platform.python_version()}, {platform.machine()}, one process:\n"
    yield "| set | memory | SQLite | Redis |"
    yield "|---|---|---|---|"


def _rows(seconds: int) -> Iterator[str]:
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        redis = held.enter_context(RedisServer(folder))
        for number, (name, options) in enumerate(ROWS):
            places = (), ("--db", str(folder / f"{number}.db")), ("--store", redis.url)
            cells = []
            for place in places:
                redis.empty()
                with ours(*place, *options) as server:
                    load.drive(server, [POST], 1)
                    sample = load.drive(server, [POST], seconds)
                rate = sample.requests / sample.seconds
                cells.append(f"{rate:,.0f}/s, p99 {sample.p99 * 1000:.1f} ms")
            yield f"| {name} | {' | '.join(cells)} |"


def _download() -> str:
    options = ("--media-bitrate", _BITRATE, "--queued", "0", "--processing", "0")
    with ours(*options) as server:
        task_id = json.loads(status(server.port, POST)[1])["task_id"]
        answer = json.loads(status(server.port, Request("GET", f"{TASKS}/{task_id}"))[1])
        path = "/" + answer["output"]["videos"][0]["url"].split("/", 3)[3]
        _fetched(server, path)  # rendered by then
        began = time.perf_counter()
        size = _fetched(server, path)
        seconds = time.perf_counter() - began
    assert size == _CLIP, size
    return f"| a clip of 100 MB, one client | {size / seconds / 1e6:,.0f} MB/s | | |"


def _fetched(server: Server, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    answer, size = connection.getresponse(), 0
    while piece := answer.read(1 << 20):
        size += len(piece)
    connection.close()
    return size


if __name__ == "__main__":
    sys.exit(main())
