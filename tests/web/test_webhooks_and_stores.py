"""No webhook is lost to what goes on in the store meanwhile."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store
from mock_mindvideo.web.app import App
from tests.conftest import TASKS, MakeClient, example
from tests.web.receiving import Receiver, hooked

AT_ONCE = {"X-Mock-Script": "queued=0; processing=0"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with closing(Receiver()) as found:
        yield found


@pytest.fixture
def told(
    make_client: MakeClient, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TestClient:
    """Nothing is told but by a `look`, as where a server looks now and then."""
    folder = hooked(tmp_path, receiver.url)
    client = make_client(progress="manual", schemas=(folder,), public_url="http://127.0.0.1:8080")
    monkeypatch.setattr(app_of(client).webhooks, "prompt", lambda: None)
    return client


def app_of(client: TestClient) -> App:
    assert isinstance(client.app, App)
    return client.app


def submitted(client: TestClient) -> str:
    """A task that has ended."""
    return str(client.post(TASKS, json=example(), headers=AT_ONCE).json()["task_id"])


def look(client: TestClient) -> None:
    webhooks = app_of(client).webhooks
    assert webhooks is not None
    webhooks.deliver(wait=True)


def names(receiver: Receiver) -> set[str]:
    return {each.task_id for each in receiver.got}


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("meanwhile", [1, 5, 40])
def test_tasks_that_others_make_during_a_look_hide_none(
    told: TestClient,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    before: int,
    meanwhile: int,
) -> None:
    """As another worker does between two readings of the store."""
    tasks = [submitted(told) for _ in range(before)]
    look(told)
    tasks += [submitted(told) for _ in range(3)]
    store = app_of(told).store
    listing = store.tasks

    def late(*given: Any) -> Any:
        monkeypatch.setattr(store, "tasks", listing)
        tasks.extend(submitted(told) for _ in range(meanwhile))
        return listing(*given)

    monkeypatch.setattr(store, "tasks", late)
    look(told)
    assert len(tasks) == before + 3 + meanwhile
    look(told)
    assert names(receiver) == set(tasks)
    assert len(receiver.got) == len(tasks)


@pytest.mark.parametrize("away", ["task", "tasks", "record", "recorded", "worlds"])
@pytest.mark.parametrize("call", range(6))
def test_a_store_that_is_away_for_a_moment_delays_a_message_and_loses_none(
    told: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, away: str, call: int
) -> None:
    tasks = [submitted(told) for _ in range(2)]
    look(told)
    tasks += [submitted(told) for _ in range(3)]
    store: Store = app_of(told).store
    original, calls = getattr(store, away), iter(range(1000))

    def failing(*given: Any) -> Any:
        if next(calls) == call:
            raise Unavailable("the store is away")
        return original(*given)

    monkeypatch.setattr(store, away, failing)
    for _ in range(3):
        with suppress(Unavailable):
            look(told)
    assert names(receiver) == set(tasks)
