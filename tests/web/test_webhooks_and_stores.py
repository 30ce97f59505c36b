"""No webhook is lost to what goes on in the store meanwhile."""

from contextlib import suppress
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store
from mock_mindvideo.web.app import App
from tests.web.receiving import Receiver
from tests.web.test_webhooks import receiver, submitted, told

__all__ = ["receiver", "told"]

AT_ONCE = "queued=0; processing=0"


@pytest.fixture
def quiet(told: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Nothing is told but by a `look`, as where a server looks now and then."""
    monkeypatch.setattr(app_of(told).webhooks, "prompt", lambda: None)
    return told


def app_of(client: TestClient) -> App:
    assert isinstance(client.app, App)
    return client.app


def look(client: TestClient) -> None:
    webhooks = app_of(client).webhooks
    assert webhooks is not None
    webhooks.deliver(wait=True)


def names(receiver: Receiver) -> set[str]:
    return {each.task_id for each in receiver.got}


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("meanwhile", [1, 5, 40])
def test_tasks_that_others_make_during_a_look_hide_none(
    quiet: TestClient,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    before: int,
    meanwhile: int,
) -> None:
    """As another worker does between two readings of the store."""
    tasks = [submitted(quiet, AT_ONCE) for _ in range(before)]
    look(quiet)
    tasks += [submitted(quiet, AT_ONCE) for _ in range(3)]
    store = app_of(quiet).store
    listing = store.tasks

    def late(*given: Any) -> Any:
        monkeypatch.setattr(store, "tasks", listing)
        tasks.extend(submitted(quiet, AT_ONCE) for _ in range(meanwhile))
        return listing(*given)

    monkeypatch.setattr(store, "tasks", late)
    look(quiet)
    assert len(tasks) == before + 3 + meanwhile
    look(quiet)
    assert names(receiver) == set(tasks)
    assert len(receiver.got) == len(tasks)


@pytest.mark.parametrize("away", ["task", "tasks", "record", "recorded", "worlds"])
@pytest.mark.parametrize("call", range(6))
def test_a_store_that_is_away_for_a_moment_delays_a_message_and_loses_none(
    quiet: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, away: str, call: int
) -> None:
    tasks = [submitted(quiet, AT_ONCE) for _ in range(2)]
    look(quiet)
    tasks += [submitted(quiet, AT_ONCE) for _ in range(3)]
    store: Store = app_of(quiet).store
    original, calls = getattr(store, away), iter(range(1000))

    def failing(*given: Any) -> Any:
        if next(calls) == call:
            raise Unavailable("the store is away")
        return original(*given)

    monkeypatch.setattr(store, away, failing)
    for _ in range(3):
        with suppress(Unavailable):
            look(quiet)
    assert names(receiver) == set(tasks)
