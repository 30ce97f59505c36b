"""How often a request asks Redis, which may be a network away."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.stores.redis.engine import Engine
from tests.conftest import AUTH, TASKS, example
from tests.redis_server import RedisServer


class Travelled:
    """What the requests that were answered have asked of the server; what chores ask is not it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("run", "ask", "ask_all"):
            monkeypatch.setattr(Engine, name, self._counting(name, getattr(Engine, name)))

    def _counting(self, name: str, asking: Any) -> Any:
        def asked(engine: Engine, *arguments: Any) -> Any:
            if not self._a_chore(arguments):
                self.asked.append(f"{name} {str(arguments[0])[:40]}")
            return asking(engine, *arguments)

        return asked

    @staticmethod
    def _a_chore(arguments: tuple[Any, ...]) -> bool:
        """Whether it is no request that asks: time and journal are looked after beside them."""
        return arguments[0] in ("clock", "exchanges", "append", "SETNX", "processes", "streaming")


@pytest.fixture
def travelled(monkeypatch: pytest.MonkeyPatch) -> Travelled:
    counted = Travelled()
    counted.count(monkeypatch)
    return counted


@pytest.fixture
def client(empty: RedisServer) -> Iterator[httpx.Client]:
    with (
        MockServer(Settings(port=0, store=empty.url, progress="manual")) as server,
        httpx.Client(base_url=server.url, headers=AUTH) as client,
    ):
        client.post(TASKS, json=example())  # the world is there from now on
        yield client


def test_a_submit_is_two_round_trips(client: httpx.Client, travelled: Travelled) -> None:
    named = {"Idempotency-Key": "one"}
    assert client.post(TASKS, json=example(), headers=named).status_code == 200
    assert len(travelled.asked) == 2, travelled.asked


def test_a_submit_that_may_have_to_wait_for_others_is_two_round_trips(
    client: httpx.Client, travelled: Travelled
) -> None:
    assert client.post("/_mock/limits", json={"in_flight": 1}).status_code == 200
    client.post(TASKS, json=example())
    travelled.asked.clear()
    assert client.post(TASKS, json=example()).status_code == 200
    assert len(travelled.asked) == 2, travelled.asked


def test_a_replay_and_a_refusal_look_again_only_if_they_waited_for_their_body(
    client: httpx.Client, travelled: Travelled
) -> None:
    named = {"Idempotency-Key": "one"}
    client.post(TASKS, json=example(), headers=named)
    travelled.asked.clear()
    replayed = client.post(TASKS, json=example(), headers=named)
    assert replayed.headers["idempotent-replayed"] == "true"
    assert len(travelled.asked) in (2, 3), travelled.asked
    travelled.asked.clear()
    assert client.post(TASKS, json={}).status_code == 422
    assert len(travelled.asked) in (1, 2), travelled.asked


def test_a_poll_is_two_round_trips(client: httpx.Client, travelled: Travelled) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    travelled.asked.clear()
    assert client.get(f"{TASKS}/{task_id}").status_code == 200
    assert len(travelled.asked) == 2, travelled.asked
    travelled.asked.clear()
    assert client.get(f"{TASKS}/task_unknown").status_code == 404
    assert len(travelled.asked) == 2, travelled.asked
