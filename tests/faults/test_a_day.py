"""A day of a team's requests, within minutes: the server needs no more memory at its end."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.redis_server import RedisServer

from .client import TASKS, Client, order
from .conftest import Serve
from .memory import descriptors, rss
from .scale import dice, rounds
from .serving import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

HOURS = 24
EACH_HOUR = rounds(check=600, soak=6_000)

#: Requests until all bounds are reached, of which the journal's is the greatest.
FILLING = 10_500

#: Bytes that the rest of the day may add: what lies unused between others.
SPARE = 6 * 1024 * 1024

Act = Callable[[Client, list[str], random.Random], object]


def a_new_task(client: Client, made: list[str], chance: random.Random) -> None:
    answer = client.submit(order(f"order {chance.random()}"), f"key-{chance.random()}")
    made.append(answer.body["task_id"])


def a_retry(client: Client, made: list[str], chance: random.Random) -> None:
    key = f"retried-{chance.randrange(50)}"
    assert client.submit(order(key), key).status == 200


def a_poll(client: Client, made: list[str], chance: random.Random) -> None:
    client.get(f"{TASKS}/{chance.choice(made)}")


def all_events(client: Client, made: list[str], chance: random.Random) -> None:
    answer = client.ask("GET", f"{TASKS}/{made[0]}/events", Accept="text/event-stream")
    assert answer.raw.count(b"event: ") == 3


def a_clip(client: Client, made: list[str], chance: random.Random) -> None:
    (video,) = client.get(f"{TASKS}/{made[0]}")["output"]["videos"]
    assert client.ask("GET", urlsplit(video["url"]).path, Range="bytes=0-99").status == 206


def a_refusal(client: Client, made: list[str], chance: random.Random) -> None:
    assert client.submit({"model": "wan2-7-r2v", "input": {}}).status == 422


def a_fault(client: Client, made: list[str], chance: random.Random) -> None:
    assert client.submit(order("one"), X_Mock_Script="status=503").status == 503


def a_look(client: Client, made: list[str], chance: random.Random) -> None:
    client.get("/_mock/requests?limit=20")
    client.get("/_mock/ledger?limit=20")


#: What a team does, the more often the more.
ACTS: tuple[Act, ...] = (
    *(a_poll,) * 12, *(a_new_task,) * 3, a_retry, all_events, a_clip, a_refusal, a_fault, a_look,
)  # fmt: skip


@pytest.fixture(params=["memory", "a file", "a Redis"])
def server(request: pytest.FixtureRequest, serve: Serve, db: str, tmp_path: Path) -> Iterator[Any]:
    with ExitStack() as opened:
        options: tuple[str, ...] = ("--db", db) if request.param == "a file" else ()
        if request.param == "a Redis":
            (tmp_path / "redis").mkdir()
            options = ("--store", opened.enter_context(RedisServer(tmp_path / "redis")).url)
        # One clip serves all tasks: those of each would fill a bound of their own for days.
        yield serve("--progress", "manual", "--media-bitrate", "1", *options)


def an_hour(server: Server, chance: random.Random) -> None:
    """Requests of an hour; the world begins it anew, as a suite of tests does."""
    with Client(server.port) as client:
        client.control("reset")
        made: list[str] = []
        a_new_task(client, made, chance)
        client.control("clock", {"advance": 60})
        for _ in range(EACH_HOUR):
            chance.choice(ACTS)(client, made, chance)
        client.control("clock", {"advance": 3540})


def test_a_day_leaves_the_server_as_large_as_it_was_once_its_bounds_were_reached(
    server: Server,
) -> None:
    chance = dice("a day")
    seen: list[int] = []
    for hour in range(HOURS):
        an_hour(server, chance)
        if hour * EACH_HOUR >= FILLING:
            seen.append(rss(server))
    print(f"{HOURS * EACH_HOUR} requests; MB: {[round(each / 1e6, 1) for each in seen]}")
    assert max(seen) - seen[0] < SPARE
    assert descriptors(server) < 64
