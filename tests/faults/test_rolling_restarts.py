"""Three nodes behind nginx are restarted in turn under load, and nobody loses anything."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from httpx_sse import connect_sse
from tenacity import (
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_delay,
    wait_random,
)

from tests.packaging.deployed import SCRIPT, cluster_environment

from .client import TASKS, order
from .scale import rounds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SUBMITTERS, ROUNDS = 4, rounds(check=1, soak=20)

#: Every so many tasks one is followed by its stream.
FOLLOWED = 7

#: Seconds after which a client gives up.
PATIENCE = 60

PRICE = 0.6165
AUTH = {"Authorization": "Bearer mv_live_xxx"}
REFUSED = (502, 503, 504)


@pytest.fixture(params=["0.5", "20"], ids=["streams are cut", "streams drain"])
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a cluster that runs; its tasks take four seconds."""
    with cluster_environment(tmp_path) as environment:
        own = {"SPEED": "2.5", "DRAIN_TIMEOUT": str(request.param), "STREAMS": "4096"}
        environment |= {f"MOCK_MINDVIDEO_{name}": value for name, value in own.items()}
        run(environment, "start")
        yield environment
        logs = {log.name: log.read_text() for log in tmp_path.glob("node-*.log")}
        assert not [log for log in logs.values() if "Traceback" in log], logs


def run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([SCRIPT, *arguments], env=environment, check=True, timeout=120)


class Load:
    """Clients that retry under their idempotency keys, and followers that come again."""

    def __init__(self, url: str, followers: ThreadPoolExecutor) -> None:
        self._url = url
        self._followers = followers
        self.over = Event()
        self.tasks: dict[str, str] = {}
        self.followed: list[Future[list[tuple[int, str]]]] = []
        self.tries: Counter[str] = Counter()

    def submit_all(self, thread: int) -> None:
        with httpx.Client(base_url=self._url, headers=AUTH, timeout=PATIENCE) as client:
            for number in count():
                if self.over.is_set():
                    return
                key = f"{thread}-{number}"
                task_id = self._submitted(client, key)
                self.tasks[key] = task_id
                if number % FOLLOWED == 0:
                    self.followed.append(self._followers.submit(self.follow, task_id))

    def _submitted(self, client: httpx.Client, key: str) -> str:
        def post() -> httpx.Response:
            self.tries["submit"] += 1
            return client.post(TASKS, json=order(key), headers={"Idempotency-Key": key})

        answer = retried(post)
        assert answer.status_code == 200, answer.text
        task_id: str = answer.json()["task_id"]
        return task_id

    def follow(self, task_id: str) -> list[tuple[int, str]]:
        """The events that one follower has seen, over however many connections."""
        seen: list[tuple[int, str]] = []
        until = time.monotonic() + PATIENCE
        with httpx.Client(base_url=self._url, headers=AUTH, timeout=PATIENCE) as client:
            while not (seen and seen[-1][1] == "task.succeeded"):
                assert time.monotonic() < until, (task_id, seen)
                self.tries["follow"] += 1
                last = {"Last-Event-ID": str(seen[-1][0])} if seen else {}
                path = f"{TASKS}/{task_id}/events"
                try:
                    with connect_sse(client, "GET", path, headers=last) as stream:
                        if stream.response.status_code not in REFUSED:
                            stream.response.raise_for_status()
                            for event in stream.iter_sse():
                                seen.append((int(event.id), event.event))
                except httpx.TransportError:
                    self.tries["broken"] += 1
                self.over.wait(0.02)
        return seen


def retried(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The first answer that is none of a node which is away."""
    retrying = Retrying(
        retry=retry_if_result(lambda answer: answer.status_code in REFUSED)
        | retry_if_exception_type(httpx.TransportError),
        wait=wait_random(0.02, 0.2),
        stop=stop_after_delay(PATIENCE),
    )
    answer: httpx.Response = retrying(ask)
    return answer


def all_tasks(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = retried(lambda: client.get("/_mock/tasks?limit=100000")).json()[
        "tasks"
    ]
    return found


def test_restarts_in_turn_lose_nothing_and_double_nothing(cluster: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{cluster['PORT']}"
    with ThreadPoolExecutor(SUBMITTERS) as submitters, ThreadPoolExecutor(256) as followers:
        load = Load(url, followers)
        submitting = [submitters.submit(load.submit_all, each) for each in range(SUBMITTERS)]
        try:
            for _ in range(ROUNDS):
                for node in "123":
                    before = len(load.tasks)
                    run(cluster, "restart", node)
                    assert wait_until(lambda least=before + 20: len(load.tasks) > least)
        finally:
            load.over.set()
        for each in submitting:
            each.result(PATIENCE)
        seen = [each.result(2 * PATIENCE) for each in load.followed]
    whole = [(1, "task.queued"), (2, "task.processing"), (3, "task.succeeded")]
    assert seen == [whole] * len(load.followed)
    with httpx.Client(base_url=url, headers=AUTH, timeout=PATIENCE) as client:
        assert sorted(each["task_id"] for each in all_tasks(client)) == sorted(load.tasks.values())
        ledger = client.get("/_mock/ledger").json()
        spent = float(ledger["held"]) + float(ledger["charged"])
        assert spent == pytest.approx(PRICE * len(load.tasks))
    print(f"{len(load.tasks)} tasks, {len(seen)} followers, tries: {dict(load.tries)}")


def wait_until(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not (true := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return true
