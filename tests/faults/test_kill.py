"""kill -9 at random moments under load: what was answered is there, and charged once."""

import http.client
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from threading import Event

import pytest

from tests.faults.scale import dice, rounds

from .client import TASKS, Answer, Body, Client, order
from .conftest import Serve
from .serving import Server
from .workers import client_of_each

pytestmark = pytest.mark.slow

#: How often to kill.
KILLS = rounds(check=8, soak=1000)
CONNECTIONS = 8

#: Seconds of the journal that a crash may take, as the documents say.
LAST = 0.1

#: Requests that are older than that, at least, when the journal is looked at.
DUE = 50
PRICE = Decimal("0.6165")


@dataclass
class Load:
    """Requests until the server dies: what was sent, and what was answered, by key."""

    api_key: str
    moment: int
    sent: dict[str, Body] = field(default_factory=dict)
    answered: dict[str, Answer] = field(default_factory=dict)
    wrong: list[Answer] = field(default_factory=list)
    reached: Event = field(default_factory=Event)

    def send(self, server: Server, thread: int) -> None:
        """One connection's requests; every third key is shared with the other connections."""
        dead = suppress(OSError, http.client.HTTPException)
        with dead, Client(server.port, self.api_key) as client:
            for number in count():
                self.send_one(client, f"{thread if number % 3 else 'all'}-{number}")

    def send_one(self, client: Client, key: str) -> None:
        self.sent[key] = order(f"图1 {key}")
        if len(self.sent) > self.moment:
            self.reached.set()
        answer = client.submit(self.sent[key], key)
        if answer.code == "unavailable" and "locked" in str(answer.body):
            return  # the other process was given no time, so nothing was answered
        if answer.status != 200 or self.answered.setdefault(key, answer).raw != answer.raw:
            self.wrong.append(answer)


@contextmanager
def under_load(server: Server, load: Load) -> Iterator[None]:
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        running = [threads.submit(load.send, server, each) for each in range(CONNECTIONS)]
        try:
            assert load.reached.wait(60), "the load never came to the moment of the kill"
            yield
        finally:
            server.kill()
    for each in running:
        each.result()


def assert_nothing_was_lost(client: Client, load: Load) -> None:
    """Every answered task is found, by its id and by its key, as it was answered."""
    assert load.wrong == []
    for key, answer in load.answered.items():
        task_id = answer.body["task_id"]
        assert client.get(f"{TASKS}/{task_id}") == answer.body
        replay = client.submit(load.sent[key], key)
        assert (replay.raw, replay.replayed) == (answer.raw, True)
        events = client.get(f"{TASKS}/{task_id}/events", Accept="application/json")["events"]
        assert [each["task"] for each in events] == [answer.body]


def assert_charged_once(client: Client, load: Load) -> None:
    """Also what was sent and not answered is one task and one charge, once it is sent again."""
    answers = {key: client.submit(body, key).body["task_id"] for key, body in load.sent.items()}
    tasks = client.get("/_mock/tasks?limit=10000")["tasks"]
    assert {task["idempotency_key"]: task["task_id"] for task in tasks} == answers
    assert len(tasks) == len(answers)
    client.control("clock", {"advance": 10})
    books = client.get("/_mock/ledger?limit=10000")
    entries = Counter((each["kind"], each["task_id"]) for each in books["entries"])
    once = [(kind, task_id) for task_id in answers.values() for kind in ("hold", "charge")]
    assert entries == Counter(once)
    assert (Decimal(books["held"]), Decimal(books["charged"])) == (0, PRICE * len(answers))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_kill_takes_at_most_the_last_100_ms_of_the_journal(
    serve: Serve, db: str, workers: int
) -> None:
    server = serve("--db", db, "--progress", "manual", "--workers", str(workers))
    answered: list[tuple[float, str]] = []
    longest = 0.0  # a machine that keeps an answer waiting keeps the journal waiting too
    with client_of_each(server, workers) as clients:
        while len(answered) < 150 or answered[DUE][0] >= time.monotonic() - LAST - longest:
            now = time.monotonic()
            answer = clients[len(answered) % workers].submit(order(str(len(answered))))
            answered.append((now, answer.body["request_id"]))
            longest = max(longest, time.monotonic() - now)
        killed = time.monotonic()
        server.kill()
    server = serve("--db", db, "--progress", "manual")
    with Client(server.port) as client:
        requests = client.get("/_mock/requests?limit=10000")["requests"]
    kept = {each["request_id"] for each in requests}
    due = {request_id for at, request_id in answered if at < killed - LAST - longest}
    assert due - kept == set()
    assert len(due) > DUE


def integrity(db: str) -> str:
    with closing(sqlite3.connect(db)) as file:
        return str(file.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_answered_before_a_kill_is_there_after_the_next_start(
    serve: Serve, db: str, workers: int
) -> None:
    options = ("--db", db, "--progress", "manual", "--workers", str(workers))
    moments = dice(f"kill -9, {workers} workers")
    loads = [Load(f"mv_test_kill{number}", moments.randrange(500)) for number in range(KILLS)]
    server = serve(*options)
    killed = answered = 0
    for load in loads:
        with client_of_each(server, workers), under_load(server, load):
            pass  # now
        server = serve(*options)
        with Client(server.port, load.api_key) as client:
            assert_nothing_was_lost(client, load)
            assert_charged_once(client, load)
        assert integrity(db) == "ok"
        killed, answered = killed + 1, answered + len(load.answered)
        print(f"{killed} kills, {answered} tasks answered, none lost", flush=True)
    assert sum(len(load.answered) for load in loads) > KILLS
    for load in loads:
        with Client(server.port, load.api_key) as client:
            tasks = client.get("/_mock/tasks?limit=10000")["tasks"]
            assert {task["status"] for task in tasks} == {"succeeded"}
            assert {task["idempotency_key"] for task in tasks} == set(load.sent)
    server.stop()
    assert integrity(db) == "ok"
