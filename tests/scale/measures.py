"""What is measured of servers on one Redis: each measure gives the lines of its table."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.journal import note_of
from mock_mindvideo.stores.redis.store import RedisStore
from tests.benchmarks.process import cpu_seconds
from tests.benchmarks.servers import Server, await_success, ours, status
from tests.benchmarks.wire import POST, Request, polls
from tests.faults.client import Client, order
from tests.redis_server import RedisServer
from tests.scale.link import Link
from tests.scale.load import Load, drive
from tests.scale.model import Cost, limits

#: Entries of the journal whose cost is taken, and how many a busy node writes at once.
REQUESTS, BATCH = 5_000, 20

#: Tasks that are stored to see how much memory one takes.
TASKS = 10_000

#: Connections of the load, and the seconds for which it goes on.
CONNECTIONS, SECONDS = 64, 6.0

#: Seconds of a round trip to Redis where it is said to be near, and far.
NEAR, FAR = 0.005, 0.1

#: Requests a second of the paced load, well below what one node can.
RATE = 200.0


class Figures(NamedTuple):
    """What Redis has done so far."""

    commands: int
    received: int
    sent: int
    cpu: float

    @classmethod
    def of(cls, redis: Any) -> "Figures":
        """Its own counts; those of asking are in them, and are the same each time."""
        told = redis.info("all")
        cpu = told["used_cpu_user"] + told["used_cpu_sys"]
        received, sent = told["total_net_input_bytes"], told["total_net_output_bytes"]
        return cls(told["total_commands_processed"], received, sent, cpu)

    def since(self, before: "Figures", count: int) -> Cost:
        """What each of `count` requests took since then."""
        return Cost(*((late - early) / count for early, late in zip(before, self, strict=True)))


@contextmanager
def redis() -> Iterator[RedisServer]:
    """A Redis that writes what it has answered to its file within a second."""
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder)) as server:
        yield server


def costs() -> Iterator[str]:
    """What a request costs Redis, the network and a node, its entry of the journal included."""
    yield f"{'request':8} {'commands':>8} {'to Redis':>9} {'from it':>9} {'Redis':>9} {'node':>9}"
    found = _costs()
    for name, cost in found.items():
        yield f"{name:8} {cost}"
    yield from limits(**found)


def _costs() -> dict[str, Cost]:
    with redis() as server, ours("--store", server.url, "--speed", "1000") as node:
        _, body = status(node.port, POST)
        task_id = body.partition(b'"task_id":"')[2].partition(b'"')[0].decode()
        poll = polls([task_id])[0]
        await_success(node, poll)
        return {
            "submit": _cost(POST, node, server),
            "poll": _cost(poll, node, server),
            "journal": _cost_of_journal(server),
        }


def _cost_of_journal(server: RedisServer) -> Cost:
    """What of that is the journal's: its entries of those requests, written again by themselves."""
    with server.client() as client:
        store = RedisStore(server.address, builtin_catalog().lifecycle)
        notes = [note_of(each) for each in store.entries("default", REQUESTS)]
        before = Figures.of(client)
        for number, each in enumerate(notes):
            store.record("default", each)
            if number % BATCH == 0:
                store.flush()
        store.flush()
        cost = Figures.of(client).since(before, len(notes))
        store.close()
    return cost


def _cost(request: Request, node: Server, server: RedisServer) -> Cost:
    drive([node.port], request, 8, 0.5)
    with server.client() as client:
        before, busy = Figures.of(client), cpu_seconds(node.pid)
        load = drive([node.port], request, 8, SECONDS)
        count = len(load.took)
        cost, busy = Figures.of(client).since(before, count), cpu_seconds(node.pid) - busy
    return cost._replace(node=busy / count)


def memory() -> Iterator[str]:
    """What a task takes of the memory of Redis, with its idempotency key and without journal."""
    with redis() as server, ours("--store", server.url) as node, server.client() as client:
        with Client(node.port) as submitting:
            for number in range(TASKS // 10):
                submitting.submit(order(f"warm {number}"), f"warm-{number}")
            before = _tasks_bytes(client)
            for number in range(TASKS):
                submitting.submit(order(f"task {number}"), f"key-{number}")
        each = (_tasks_bytes(client) - before) / TASKS
    yield f"a task takes {each:,.0f} bytes: {2**30 / each / 1e6:.1f} million for each GiB"


def _tasks_bytes(client: Any) -> int:
    names = client.keys("mock-mindvideo:{default}:*")
    return sum(client.memory_usage(name, samples=0) for name in names if b"journal" not in name)


def distance() -> Iterator[str]:
    """How long a submit takes where Redis is a round trip away, in round trips."""
    with (
        redis() as server,
        Link(server.port, NEAR / 2) as link,
        ours("--store", f"redis://127.0.0.1:{link.port}/0") as node,
    ):
        drive([node.port], POST, CONNECTIONS, 1.0, RATE)
        load = drive([node.port], POST, CONNECTIONS, SECONDS, RATE)
    shown = (f"p{which} {load.percentile(which) / NEAR:.1f} x" for which in (50, 90, 99))
    yield (
        f"{CONNECTIONS} connections, one world, {RATE:.0f} submits a second,"
        f" {NEAR * 1e3:.0f} ms to Redis and back: {', '.join(shown)} a round trip"
    )


def saturation() -> Iterator[str]:
    """How many submits one node takes at the most, beside the client and Redis on this machine."""
    with redis() as server, ours("--store", server.url) as node:
        drive([node.port], POST, CONNECTIONS, 1.0)
        busy = cpu_seconds(node.pid)
        load = drive([node.port], POST, CONNECTIONS, SECONDS)
        busy = cpu_seconds(node.pid) - busy
    each, p50 = busy / len(load.took), load.percentile(50)
    yield (
        f"{CONNECTIONS} connections: {load.rate:,.0f} submits a second, p50 {p50 * 1e3:.0f} ms;"
        f" {each * 1e6:.0f} µs of its processor each allow {1 / each:,.0f}"
    )


def nodes() -> Iterator[str]:
    """How many submits more nodes take, where it is the way to Redis that takes the time."""
    alone = 0.0
    for count in (1, 2, 4):
        load = _of_nodes(count)
        alone = alone or load.rate
        yield (
            f"{count} nodes, {FAR * 1e3:.0f} ms to Redis and back, {16 * count} connections:"
            f" {load.rate:,.0f} submits a second, {load.rate / alone / count:.2f} x {count} of one"
        )


def _of_nodes(count: int) -> Load:
    with redis() as server, ExitStack() as opened:
        links = [opened.enter_context(Link(server.port, FAR / 2)) for _ in range(count)]
        urls = [f"redis://127.0.0.1:{link.port}/0" for link in links]
        started = [opened.enter_context(ours("--store", url)) for url in urls]
        ports = [node.port for node in started]
        drive(ports, POST, 16 * count, 2.0)
        return drive(ports, POST, 16 * count, SECONDS)
