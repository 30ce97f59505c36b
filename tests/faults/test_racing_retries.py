"""Retries of many keys that race over processes: each key is one task and one charge."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from tests.redis_server import RedisServer

from .client import KEY, TASKS, Client, order
from .conftest import Serve
from .scale import dice, rounds
from .workers import client_of_each

pytestmark = pytest.mark.slow

KEYS, CONNECTIONS = 1_000, 64
RETRIES = rounds(check=6_000, soak=1_000_000)
PRICE = Decimal("0.6165")

#: What each key was answered with: how often which task.
Answered = defaultdict[int, Counter[str]]


@pytest.fixture(params=["two workers on a file", "two nodes on a Redis"])
def ports(
    request: pytest.FixtureRequest, serve: Serve, db: str, tmp_path: Path
) -> Iterator[list[int]]:
    """Where to send to: every other connection goes to another process."""
    with ExitStack() as opened:
        if request.param == "two workers on a file":
            server = serve("--db", db, "--progress", "manual", "--workers", "2")
            opened.enter_context(client_of_each(server))
            yield [server.port]
            return
        folder = tmp_path / "redis"
        folder.mkdir()
        redis = opened.enter_context(RedisServer(folder))
        yield [serve("--store", redis.url, "--progress", "manual").port for _ in range(2)]


async def retry_all(ports: list[int], chances: random.Random) -> Answered:
    """The answers to RETRIES submits, each under a key that others use at the same moment."""
    answered: Answered = defaultdict(Counter)
    left = iter(range(RETRIES))
    async with asyncio.TaskGroup() as group:
        for number in range(CONNECTIONS):
            port = ports[number % len(ports)]
            group.create_task(retry_some(port, left, chances, answered))
    return answered


async def retry_some(
    port: int, left: Iterator[int], chances: random.Random, answered: Answered
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for turn in left:
        # Keys come up one after the other, so that the first requests of each race too.
        number = min(KEYS - 1, turn * KEYS // RETRIES + chances.randrange(3))
        writer.write(submit(number))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        assert head.startswith(b"http/1.1 200"), body
        answered[number][orjson.loads(body)["task_id"]] += 1
    writer.close()


def submit(number: int) -> bytes:
    body = orjson.dumps(order(f"order {number}"))
    return (
        f"POST {TASKS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: key-{number}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def test_retries_that_race_over_processes_are_one_task_and_one_charge_for_each_key(
    ports: list[int],
) -> None:
    answered = asyncio.run(retry_all(ports, dice("racing retries")))
    assert sum(each.total() for each in answered.values()) == RETRIES
    assert all(len(each) == 1 for each in answered.values())
    made = {task_id for each in answered.values() for task_id in each}
    assert len(made) == len(answered)
    with Client(ports[0]) as client:
        tasks = client.get("/_mock/tasks?limit=10000")["tasks"]
        assert {each["task_id"] for each in tasks} == made
        client.control("clock", {"advance": 3600})
        books = client.get("/_mock/ledger?limit=10000")
    entries = Counter((each["kind"], each["task_id"]) for each in books["entries"])
    assert entries == Counter((kind, each) for kind in ("hold", "charge") for each in made)
    assert Decimal(books["charged"]) == PRICE * len(made)
    print(f"{RETRIES} retries, {len(made)} keys, none made two tasks", flush=True)
