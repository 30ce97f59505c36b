"""Three servers on one Redis are one mock: whichever is asked, and whatever is killed."""

import hashlib
import http.client
import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count, cycle
from pathlib import Path
from threading import Barrier, Event
from urllib.parse import urlsplit

import pytest

from tests.redis_server import RedisServer
from tests.scale.link import Link

from .client import TASKS, Answer, Body, Client, order
from .conftest import Serve
from .scale import SOAK, rounds
from .serving import Server
from .test_kill import Load, assert_charged_once, assert_nothing_was_lost
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

NODES, CONNECTIONS, REQUESTS = 3, 24, 480
KILLS = rounds(check=4, soak=50)
PRICE = "0.6165"

#: Seconds for which a node's way to Redis is cut.
CUT = 10.0 if SOAK else 0.5


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that loses nothing that it has answered."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder, "--appendfsync", "always") as server:
        yield server


@pytest.fixture
def nodes(redis: RedisServer, serve: Serve) -> list[Server]:
    return [serve("--store", redis.url, "--progress", "manual") for _ in range(NODES)]


@pytest.fixture
def clients(nodes: list[Server]) -> Iterator[list[Client]]:
    """A client of each node."""
    with ExitStack() as opened:
        yield [opened.enter_context(Client(node.port)) for node in nodes]


def race(nodes: Sequence[Server], bodies: Sequence[object]) -> list[tuple[int, Answer]]:
    """The answers to REQUESTS submits under one key, each with the index of its body."""
    together = Barrier(CONNECTIONS)

    def share(first: int) -> list[tuple[int, Answer]]:
        with Client(nodes[first % len(nodes)].port) as client:
            together.wait(timeout=90)
            chosen = [(first + n) % len(bodies) for n in range(REQUESTS // CONNECTIONS)]
            return [(index, client.submit(bodies[index], "one-key")) for index in chosen]  # type: ignore[arg-type]

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        shares = list(threads.map(share, range(CONNECTIONS)))
    return [answer for answers in shares for answer in answers]


def test_one_key_is_one_task_and_one_charge_on_whichever_node_it_is_retried(
    nodes: list[Server], clients: list[Client]
) -> None:
    answers = [answer for _, answer in race(nodes, [order("one")])]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    assert Counter(answer.replayed for answer in answers) == {True: REQUESTS - 1, False: 1}
    for client in clients:
        held = client.get("/_mock/ledger?limit=10000")
        assert (held["held"], held["charged"]) == (PRICE, "0")
        assert len(client.get("/_mock/tasks?limit=10000")["tasks"]) == 1


def test_of_two_payloads_that_race_over_nodes_exactly_one_wins(nodes: list[Server]) -> None:
    answers = race(nodes, [order("one"), order("two")])
    winners = {index for index, answer in answers if answer.status == 200}
    assert len(winners) == 1
    lost = [answer for index, answer in answers if index not in winners]
    assert {(answer.status, answer.code) for answer in lost} == {(409, "idempotency_key_reused")}


def test_a_credit_limit_is_one_limit_for_all_nodes(
    nodes: list[Server], clients: list[Client]
) -> None:
    clients[0].control("credit", {"credit": "18.4950"})  # 30 tasks
    statuses = Counter(each.status for each in submit_at_once(nodes))
    assert statuses == {200: 30, 402: 4 * CONNECTIONS - 30}
    assert [each.get("/_mock/ledger")["credit"] for each in clients] == ["0"] * NODES


def test_a_script_counts_the_submits_of_all_nodes(
    nodes: list[Server], clients: list[Client]
) -> None:
    clients[0].control("scripts", {"script": "outcome=failed; times=5; skip=7"})
    made = {each.body["task_id"] for each in submit_at_once(nodes)}
    clients[1].control("clock", {"advance": 3600})
    tasks = clients[2].get("/_mock/tasks?limit=10000")["tasks"]
    assert {each["task_id"] for each in tasks} == made
    assert Counter(each["status"] for each in tasks) == {
        "failed": 5,
        "succeeded": 4 * CONNECTIONS - 5,
    }


def submit_at_once(nodes: Sequence[Server]) -> list[Answer]:
    """The answers to submits over many connections to all nodes."""

    def submit_some(first: int) -> list[Answer]:
        with Client(nodes[first % NODES].port) as client:
            return [client.submit(order(f"{first} {n}")) for n in range(4)]

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [each for share in threads.map(submit_some, range(CONNECTIONS)) for each in share]


def test_a_stream_on_one_node_is_told_what_happens_through_the_others(
    clients: list[Client],
) -> None:
    first, second, third = clients
    task_id = first.submit(order("one")).body["task_id"]
    events = second.events(task_id)
    assert next(events)["task"]["status"] == "queued"
    third.control(f"tasks/{task_id}/start")
    assert next(events)["task"]["status"] == "processing"
    first.control("clock", {"advance": 3600})
    assert next(events)["task"]["status"] == "succeeded"
    rest = third.get(f"{TASKS}/{task_id}/events", Accept="application/json", Last_Event_Id="2")
    assert [each["task"]["status"] for each in rest["events"]] == ["succeeded"]


def test_a_stream_loses_nothing_over_restarts_of_redis(
    redis: RedisServer, clients: list[Client]
) -> None:
    """A stream may end while Redis is away; its reader goes on on another node, as they do."""
    first, *readers = clients
    task_id = first.submit(order("one")).body["task_id"]
    events = readers[0].events(task_id)
    told = [sequence_and_status(next(events))]
    for move in ("start", "succeed"):
        redis.kill()
        redis.start()
        moved = f"/_mock/tasks/{task_id}/{move}"
        assert until(lambda path=moved: first.ask("POST", path, {}).status in (200, 409))  # type: ignore[misc]
    told += map(sequence_and_status, events)
    while told[-1][1] != "succeeded":
        readers.reverse()
        events = readers[0].events(task_id, last=told[-1][0])
        told += map(sequence_and_status, events)
    assert told == [(1, "queued"), (2, "processing"), (3, "succeeded")]


def sequence_and_status(event: Body) -> tuple[int, str]:
    return event["sequence"], event["task"]["status"]


def test_a_reset_a_key_and_the_clock_are_seen_by_all_nodes(clients: list[Client]) -> None:
    first, second, third = clients
    task_id = first.submit(order("one"), "k").body["task_id"]
    second.control("clock", {"advance": 3})
    assert [each.get(f"{TASKS}/{task_id}")["status"] for each in clients] == ["processing"] * NODES
    made = second.control("keys")
    assert third.ask("GET", f"{TASKS}/{task_id}", key=made["key"]).status == 200
    first.control(f"keys/{made['id']}", {"disabled": True}, method="PATCH")
    assert third.ask("GET", f"{TASKS}/{task_id}", key=made["key"]).code == "disabled_api_key"
    second.control("reset")
    for each in clients:
        assert each.ask("GET", f"{TASKS}/{task_id}").code == "task_not_found"
        assert each.ask("GET", f"{TASKS}/{task_id}", key=made["key"]).code == "invalid_api_key"
    again = third.submit(order("two"), "k")
    assert (again.status, again.replayed) == (200, False)


def test_workers_of_one_node_share_a_redis_as_nodes_do(redis: RedisServer, serve: Serve) -> None:
    node = serve("--store", redis.url, "--progress", "manual", "--workers", "2")
    with client_of_each(node) as (first, second):
        task_id = first.submit(order("one"), "k").body["task_id"]
        assert second.submit(order("one"), "k").replayed
        events = second.events(task_id)
        assert next(events)["task"]["status"] == "queued"
        first.control("clock", {"advance": 3600})
        assert [each["task"]["status"] for each in events] == ["processing", "succeeded"]


def test_any_node_serves_each_clip_with_the_same_bytes(clients: list[Client]) -> None:
    task_id = clients[0].submit(order("one")).body["task_id"]
    clients[1].control("clock", {"advance": 3600})
    (video,) = clients[2].get(f"{TASKS}/{task_id}")["output"]["videos"]
    answers = [each.ask("GET", urlsplit(video["url"]).path) for each in clients]
    assert [each.status for each in answers] == [200] * NODES
    assert len({hashlib.sha256(each.raw).digest() for each in answers}) == 1


class Loading(Load):
    """A load on all nodes that takes 503 for an answer, and goes on after it."""

    def send_all(self, nodes: Sequence[Server], thread: int, over: Event) -> None:
        for number, node in zip(count(), cycle(nodes), strict=False):
            if over.is_set():
                return
            try:
                with Client(node.port, self.api_key) as client:
                    self.send_one(client, f"{thread if number % 3 else 'all'}-{number}")
            except (OSError, http.client.HTTPException):
                continue  # that node is dead

    def send_one(self, client: Client, key: str) -> None:
        self.sent[key] = order(f"图1 {key}")
        if len(self.sent) > self.moment:
            self.reached.set()
        answer = client.submit(self.sent[key], key)
        if answer.code == "unavailable" and answer.headers.get("retry-after"):
            return
        if answer.status != 200 or self.answered.setdefault(key, answer).raw != answer.raw:
            self.wrong.append(answer)


@pytest.fixture
def link(redis: RedisServer) -> Iterator[Link]:
    """The way to Redis of a node that can be cut off from it."""
    with Link(redis.port) as way:
        yield way


@pytest.mark.parametrize("victim", ["a node", "Redis", "Redis, suspended", "a node's network"])
def test_what_was_answered_is_there_and_charged_once_whoever_is_killed(
    redis: RedisServer, serve: Serve, nodes: list[Server], link: Link, victim: str
) -> None:
    moments = random.Random(victim)
    if victim == "a node's network":
        nodes.pop().kill()
        nodes.append(serve("--store", f"redis://127.0.0.1:{link.port}/0", "--progress", "manual"))
    for number in range(KILLS):
        load, over = Loading(f"mv_test_kill{number}", moments.randrange(200)), Event()
        with ThreadPoolExecutor(6) as threads:
            running = [threads.submit(load.send_all, nodes, each, over) for each in range(6)]
            assert load.reached.wait(60), "the load never came to the moment of the kill"
            if victim == "a node":
                nodes.pop(0).kill()
            elif victim == "Redis":
                redis.kill()
                redis.start()
            elif victim == "a node's network":
                link.cut()
                over.wait(CUT)
                link.mend()
            else:
                redis.signal(signal.SIGSTOP)
                over.wait(0.3)
                redis.signal(signal.SIGCONT)
            before = len(load.answered)
            while len(load.answered) < before + 10:  # it goes on
                over.wait(0.02)
            over.set()
            for each in running:
                each.result()
        if victim == "a node":
            nodes.append(serve("--store", redis.url, "--progress", "manual"))
        with Client(nodes[number % NODES].port, load.api_key) as client:
            assert_nothing_was_lost(client, load)
            assert_charged_once(client, load)
