"""A test, or a person at the page, ends the event streams of one task; clients come again."""

from collections.abc import Iterator

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.conftest import AUTH, TASKS, example


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture
def client(mock: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mock.url, headers=AUTH, timeout=60) as opened:
        yield opened


def submit(client: httpx.Client) -> str:
    return str(client.post(TASKS, json=example()).json()["task_id"])


def test_a_cut_ends_the_streams_of_the_task_and_of_no_other(client: httpx.Client) -> None:
    task, other = submit(client), submit(client)
    sse = {"Accept": "text/event-stream"}
    with (
        client.stream("GET", f"{TASKS}/{task}/events", headers=sse) as cut,
        client.stream("GET", f"{TASKS}/{other}/events", headers=sse) as whole,
    ):
        lines, others = cut.iter_lines(), whole.iter_lines()
        assert next(line for line in lines if line.startswith("event")) == "event: task.queued"
        assert next(line for line in others if line.startswith("event")) == "event: task.queued"
        assert client.post(f"/_mock/tasks/{task}/cut").json() == {"streams": 1}
        assert not [line for line in lines if line.startswith("event")]
        client.post(f"/_mock/tasks/{other}/succeed")
        assert [line for line in others if line.startswith("event")][-1] == "event: task.succeeded"


def test_a_client_that_reconnects_after_a_cut_gets_the_remaining_events(
    client: httpx.Client,
) -> None:
    task = submit(client)
    client.post(f"/_mock/tasks/{task}/cut")
    client.post(f"/_mock/tasks/{task}/succeed")
    again = {"Accept": "text/event-stream", "Last-Event-ID": "1"}
    heard = client.get(f"{TASKS}/{task}/events", headers=again).text
    assert "event: task.queued" not in heard
    assert "event: task.succeeded" in heard


def test_a_cut_is_told_to_those_who_follow_the_world(client: httpx.Client) -> None:
    task = submit(client)
    first = client.get("/_mock/changes?follow=0")
    seen = [line[4:] for line in first.text.splitlines() if line.startswith("id: ")][-1]
    client.post(f"/_mock/tasks/{task}/cut")
    told = client.get("/_mock/changes?follow=0", headers={"Last-Event-ID": seen}).text
    assert "event: cut" in told
    assert task in told


def test_a_task_that_nobody_follows_has_no_streams_and_an_unknown_one_is_not_found(
    client: httpx.Client,
) -> None:
    assert client.post(f"/_mock/tasks/{submit(client)}/cut").json() == {"streams": 0}
    refused = client.post("/_mock/tasks/task_nobody/cut")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "task_not_found")
