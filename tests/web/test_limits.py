"""What a world bears, over HTTP: who waits in line, who is refused, and when to come again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, client_of, example

Make = Callable[..., TestClient]


@pytest.fixture(params=["memory", "sqlite", "redis"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes a client of a fresh application over a store of that kind."""
    places: dict[str, Any] = {"memory": {}, "sqlite": {"db": tmp_path / "mock.db"}}
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        server.empty()
        places["redis"] = {"store": server.url}
    apps = []

    def making(**settings: Any) -> TestClient:
        given = {"progress": "manual", "seed": 7} | places[request.param] | settings
        apps.append(create_app(Settings(**given)))
        return client_of(apps[-1])

    yield making
    for app in apps:
        app.store.close()


def test_the_quotas_of_a_second_and_of_a_minute_are_both_kept(make: Make) -> None:
    client = make(quota=("2/1", "3/60"))
    assert [client.get(f"{TASKS}/task_x").status_code for _ in range(3)] == [404, 404, 429]
    client.post("/_mock/clock", json={"advance": 1})
    assert client.get(f"{TASKS}/task_x").status_code == 404
    refused = client.get(f"{TASKS}/task_x")
    assert (refused.json()["error"]["code"], refused.headers["Retry-After"]) == (
        "rate_limited",
        "59",
    )


@pytest.mark.parametrize("speed", [1, 4])
def test_who_waits_as_long_as_told_is_admitted(make: Make, speed: int) -> None:
    client = make(quota=("2/1", "5/7", "6/30"), speed=speed)
    for _ in range(30):
        answer = client.get(f"{TASKS}/task_x")
        if answer.status_code == 429:
            waited = int(answer.headers["Retry-After"]) * speed
            client.post("/_mock/clock", json={"advance": waited})
            assert client.get(f"{TASKS}/task_x").status_code == 404


def test_each_key_of_a_world_has_its_own_quota(make: Make) -> None:
    client = make(quota=("1/60",))
    other = client.post("/_mock/keys", json={}).json()["key"]
    theirs = {"Authorization": f"Bearer {other}"}
    codes = [
        client.get(f"{TASKS}/x", headers=each).status_code for each in ({}, theirs, {}, theirs)
    ]
    assert codes == [404, 404, 429, 429]


def test_no_more_tasks_are_unfinished_than_the_quota_and_a_replay_is_none(make: Make) -> None:
    client = make(quota=("tasks=2",))
    keyed = {"Idempotency-Key": "order-1"}
    assert client.post(TASKS, json=example(), headers=keyed).status_code == 200
    client.post("/_mock/clock", json={"advance": 3})
    assert client.post(TASKS, json=example()).status_code == 200
    assert client.post(TASKS, json=example(), headers=keyed).status_code == 200
    refused = client.post(TASKS, json=example())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 2
    client.post("/_mock/clock", json={"advance": 7})
    assert client.post(TASKS, json=example()).status_code == 200


def test_no_moment_is_told_where_no_task_ends_by_itself(make: Make) -> None:
    client = make(quota=("tasks=1",))
    stuck = {"X-Mock-Script": "outcome=stuck"}
    task_id = client.post(TASKS, json=example(), headers=stuck).json()["task_id"]
    refused = client.post(TASKS, json=example())
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, False)
    client.post(f"/_mock/tasks/{task_id}/cancel")
    assert client.post(TASKS, json=example()).status_code == 200


def test_where_polls_drive_the_clock_a_retry_finds_the_time_passed(make: Make) -> None:
    client = make(progress="polls", quota=("1/60", "tasks=1"))
    assert client.post(TASKS, json=example()).status_code == 200
    answers = [client.post(TASKS, json=example()).status_code for _ in range(4)]
    assert answers == [429, 200, 429, 200]


def test_limits_are_changed_while_the_mock_runs(make: Make) -> None:
    client = make(in_flight=1)
    ids = [client.post(TASKS, json=example()).json()["task_id"] for _ in range(3)]
    client.post("/_mock/clock", json={"advance": 2})
    assert statuses(client, ids) == ["processing", "queued", "queued"]
    changed = client.post("/_mock/limits", json={"in_flight": 2, "quotas": ["100/1", "tasks=3"]})
    assert changed.json() == {"in_flight": 2, "quotas": ["100/1", "tasks=3"]}
    assert statuses(client, ids) == ["processing", "processing", "queued"]
    lifted = client.post("/_mock/limits", json={"in_flight": None, "quotas": []}).json()
    assert lifted == client.get("/_mock/limits").json() == {"in_flight": None, "quotas": []}
    assert statuses(client, ids) == ["processing"] * 3


def test_who_follows_the_changes_is_told_of_tasks_that_go_on_for_others(make: Make) -> None:
    client = make(in_flight=1)
    opened = client.get("/_mock/changes?follow=0").text
    first, second = (client.post(TASKS, json=example()).json()["task_id"] for _ in range(2))
    client.post("/_mock/clock", json={"advance": 3})
    client.post(f"/_mock/tasks/{first}/cancel")
    client.post("/_mock/clock", json={"advance": 1})
    seen = opened.partition("id: ")[2].partition("\n")[0]
    told = client.get("/_mock/changes?follow=0", headers={"Last-Event-ID": seen}).text
    data = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    begun = [
        each["at"]
        for each in data
        if (each.get("task_id"), each.get("status")) == (second, "processing")
    ]
    assert begun == ["2026-01-01T00:00:03.000Z"], told


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"in_flight": 0}, "/in_flight"),
        ({"in_flight": "2"}, "/in_flight"),
        ({"quotas": ["ten"]}, "/quotas"),
        ({"quotas": "10/1"}, "/quotas"),
        ({}, ""),
    ],
)
def test_what_is_no_limit_is_refused_by_its_place(make: Make, form: Any, pointer: str) -> None:
    client = make()
    refused = client.post("/_mock/limits", json=form)
    assert refused.status_code == 422
    assert pointer in refused.text


def statuses(client: TestClient, ids: list[str]) -> list[str]:
    return [client.get(f"{TASKS}/{each}").json()["status"] for each in ids]
