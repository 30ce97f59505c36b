"""1,000 requests under one key, over 64 connections: one task, one charge."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from .client import Answer, Body, Client, order
from .conftest import Serve
from .serving import Server
from .workers import client_of_each

pytestmark = pytest.mark.slow

CONNECTIONS, REQUESTS = 64, 1000
PRICE = "0.6165"


@pytest.fixture(params=["memory", "file", "file and two workers"])
def server(request: pytest.FixtureRequest, serve: Serve, db: str) -> Server:
    options = {
        "memory": (),
        "file": ("--db", db),
        "file and two workers": ("--db", db, "--workers", "2"),
    }
    server = serve("--progress", "manual", *options[request.param])
    with client_of_each(server, 2 if "workers" in request.param else 1) as clients:
        server.workers = len(clients)
    return server


def post_all(server: Server, bodies: Sequence[Body]) -> list[tuple[int, Answer]]:
    """Every answer, with the index of its body; each connection sends its share in turn."""
    owners: set[int] = set()
    together = Barrier(CONNECTIONS)

    def share(first: int) -> list[tuple[int, Answer]]:
        with Client(server.port) as client:
            together.wait(timeout=90)
            numbers = range(first, REQUESTS, CONNECTIONS)
            chosen = [(number // CONNECTIONS + first) % len(bodies) for number in numbers]
            answers = [(index, client.submit(bodies[index], "one-key")) for index in chosen]
            owners.add(server.owner(client.socket))
            return answers

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        shares = list(threads.map(share, range(CONNECTIONS)))
    assert len(owners) == server.workers
    return [answer for answers in shares for answer in answers]


def assert_one_charge(server: Server, task_id: str) -> None:
    with Client(server.port) as client:
        held = client.get("/_mock/ledger?limit=10000")
        assert (held["held"], held["charged"]) == (PRICE, "0")
        assert [(e["kind"], e["task_id"]) for e in held["entries"]] == [("hold", task_id)]
        assert len(client.get("/_mock/tasks?limit=10000")["tasks"]) == 1
        client.control("clock", {"advance": 3600})
        charged = client.get("/_mock/ledger?limit=10000")
        assert (charged["held"], charged["charged"]) == ("0", PRICE)
        assert [each["kind"] for each in charged["entries"]] == ["hold", "charge"]


def test_one_key_and_payload_give_one_task_and_equal_answers(server: Server) -> None:
    answers = [answer for _, answer in post_all(server, [order("one")])]
    assert len(answers) == REQUESTS
    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    assert Counter(answer.replayed for answer in answers) == {True: REQUESTS - 1, False: 1}
    assert_one_charge(server, answers[0].body["task_id"])


def test_of_two_payloads_under_one_key_exactly_one_wins(server: Server) -> None:
    answers = post_all(server, [order("one"), order("two")])
    assert len(answers) == REQUESTS
    winners = {index for index, answer in answers if answer.status == 200}
    assert len(winners) == 1
    won = [answer for index, answer in answers if index in winners]
    lost = [answer for index, answer in answers if index not in winners]
    assert {(answer.status, len(won)) for answer in won} == {(200, REQUESTS // 2)}
    assert {(answer.status, answer.code) for answer in lost} == {(409, "idempotency_key_reused")}
    assert len({answer.raw for answer in won}) == 1
    assert Counter(answer.replayed for answer in won) == {True: len(won) - 1, False: 1}
    assert_one_charge(server, won[0].body["task_id"])
