"""Who floods, who polls beside it, and over which stores: alike in the tests and the benchmarks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.client import Client, order
from tests.redis_server import RedisServer

FLOOD, VICTIM = "mv_test_flood", "mv_test_victim"

#: Connections on which somebody sends all the time.
CONNECTIONS = 200

STORES = ("memory", "SQLite", "Redis")


@contextmanager
def options(store: str, folder: Path) -> Iterator[list[str]]:
    """The options of `serve` that choose one of STORES."""
    if store == "memory":
        yield []
    elif store == "SQLite":
        yield ["--db", str(folder / "flood.db")]
    else:
        with RedisServer(folder) as redis:
            yield ["--store", redis.url]


def submitted(port: int, key: str) -> str:
    """The id of a new task."""
    with Client(port, key) as client:
        return str(client.submit(order("a long wait")).body["task_id"])
