"""The lines of the vendor's page, pasted with nothing but the host changed."""

import json
import shlex
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.settings import Bounds
from mock_mindvideo.web.app import create_app
from tests.cli.test_serve import Running, running
from tests.conftest import AUTH, TASKS, client_of, example

__all__ = ["running"]

PAGE = "https://api.mindvideo.ai"
SUBMIT = f"""curl -X POST {PAGE}/api/v1/tasks \\
-H "Authorization: Bearer mv_live_xxx" \\
-H "Content-Type: application/json" \\
-H "Idempotency-Key: task_0001" \\
-d '{json.dumps(example())}'"""
LOOK = f"""curl {PAGE}/api/v1/tasks/task_demo_model \\
-H "Authorization: Bearer mv_live_xxx\""""
FOLLOW = f"""curl {PAGE}/api/v1/tasks/task_demo_model/events \\
-H "Authorization: Bearer mv_live_xxx\""""

#: The answer on the page, but for its link.
SHOWN = {
    "request_id": "req_demo_model",
    "task_id": "task_demo_model",
    "status": "succeeded",
    "cost_estimate": 0.6165,
    "cost_actual": 0.6165,
}


def paste(line: str, server: Running) -> str:
    command = shlex.split(line.replace("\\\n", " ").replace(PAGE, server.url))
    done = subprocess.run(
        [*command, "-sS"], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout


def shows_the_page(server: Running) -> str:
    """The link of the page's task."""
    body = json.loads(paste(LOOK, server))
    url = str(body.pop("output")["videos"][0]["url"])
    assert list(body.items()) == list(SHOWN.items())
    return url


@pytest.mark.parametrize("more", [(), ("--progress", "polls"), ("--workers", "2", "--db")])
def test_the_three_curl_lines_of_the_vendors_page_are_answered_as_it_shows(
    running: Callable[..., Running], tmp_path: Any, more: tuple[str, ...]
) -> None:
    if more[-1:] == ("--db",):
        more = (*more, str(tmp_path / "mock.db"))
    server = running("--log-level", "warning", *more)
    made = json.loads(paste(SUBMIT, server))
    assert list(made) == ["request_id", "task_id", "status", "cost_estimate"]
    assert (made["status"], made["cost_estimate"]) == ("queued", 0.6165)
    url = shows_the_page(server)
    events = [line for line in paste(FOLLOW, server).splitlines() if line.startswith("event: ")]
    assert events == [f"event: task.{state}" for state in ("queued", "processing", "succeeded")]
    assert paste(f"curl -o /dev/null -w '%{{http_code}} %{{content_type}}' {url}", server) == (
        "200 video/mp4"
    )


def furnished(**settings: Any) -> Any:
    app = create_app(Settings(progress="manual", **settings), demo=True)
    return app, client_of(app)


def test_the_demo_task_costs_nothing_and_uses_up_no_task_number() -> None:
    app, client = furnished(seed=7)
    ledger = client.get("/_mock/ledger").json()
    assert (ledger["held"], ledger["charged"], ledger["entries"]) == ("0", "0", [])
    plain = client_of(create_app(Settings(progress="manual", seed=7)))
    assert client.post(TASKS, json=example()).json() == plain.post(TASKS, json=example()).json()
    client.post("/_mock/credit", json={"credit": 1})
    client.post(TASKS, json=example())
    assert client.get("/_mock/ledger").json()["credit"] == "0.3835"
    app.store.close()


def test_the_demo_task_is_there_after_a_reset_with_a_fresh_link() -> None:
    app, client = furnished()
    client.post("/_mock/clock", json={"advance": 10**6})
    link = f"/media/default/{SHOWN['task_id']}/1.mp4"
    assert client.head(link).status_code == 404
    client.post("/_mock/reset")
    assert client.head(link).status_code == 200
    assert client.get(f"{TASKS}/task_demo_model").json()["status"] == "succeeded"
    app.store.close()


def test_the_demo_task_is_made_anew_when_a_stored_world_is_opened(tmp_path: Any) -> None:
    file = tmp_path / "mock.db"
    ids = []
    for _ in range(3):
        app, client = furnished(db=file, seed=7)
        ids.append(client.post(TASKS, json=example()).json()["task_id"])
        client.post("/_mock/clock", json={"advance": 10**6})
        listed = client.get("/_mock/tasks").json()["tasks"]
        assert [each["task_id"] for each in listed] == ids
        app.store.close()
    assert len(set(ids)) == 3
    app, client = furnished(db=file)
    assert client.head(f"/media/default/{SHOWN['task_id']}/1.mp4").status_code == 200
    app.store.close()


def test_no_other_world_and_no_fixture_has_it() -> None:
    app, client = furnished()
    other = {"Authorization": "Bearer mv_test_other"}
    assert client.get(f"{TASKS}/task_demo_model", headers=other).status_code == 404
    plain = client_of(create_app(Settings()))
    assert plain.get(f"{TASKS}/task_demo_model", headers=AUTH).status_code == 404
    app.store.close()


def test_the_demo_task_stays_however_many_worlds_and_tasks_are_made() -> None:
    _, client = furnished(bounds=Bounds(worlds=8, tasks=20, task_bytes=50_000))
    for number in range(40):
        other = {"Authorization": f"Bearer mv_test_w{number}"}
        assert client.post(TASKS, json=example(), headers=other).status_code == 200
        client.post("/_mock/clock", json={"advance": 100}, headers=other)
        client.post(TASKS, json=example())
        client.post("/_mock/clock", json={"advance": 100})
    counts = client.get("/_mock/health").json()["counts"]
    assert (counts["worlds"], counts["dropped_worlds"]) == (8, 33)
    assert counts["dropped_tasks"] > 0
    assert client.get(f"{TASKS}/task_demo_model").json()["status"] == "succeeded"
