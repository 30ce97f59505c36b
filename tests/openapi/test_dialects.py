"""Whatever the dialect: each answer is as the document of that dialect says."""

from pathlib import Path

import httpx2
import orjson
import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example
from tests.openapi.contract import Contract
from tests.openapi.test_answers import LOOKS, REFUSED_SUBMITS
from tests.platform.dialects import NAMES, folder_for

OUTCOMES = ("succeeded", "failed; error=content_policy", "cancelled")
TOO_MUCH = 10 * 1024 * 1024 + 1
LIST = {"Accept": "application/json"}


@pytest.fixture(params=NAMES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return folder_for(request.param, tmp_path)


@pytest.fixture
def spoken(make_client: MakeClient, folder: Path) -> TestClient:
    return make_client(progress="polls", schemas=(folder,))


@pytest.fixture(scope="module")
def documents() -> dict[str, Contract]:
    """The document of each dialect, only read from here on: each server gives the same."""
    return {}


@pytest.fixture
def judged(
    request: pytest.FixtureRequest, spoken: TestClient, documents: dict[str, Contract]
) -> Contract:
    dialect = request.node.callspec.params["folder"]
    if dialect not in documents:
        documents[dialect] = Contract(spoken.get("/_mock/openapi.json").json())
    return documents[dialect]


def submitted(client: TestClient, outcome: str, **headers: str) -> tuple[str, httpx2.Response]:
    """Submit a task, and its id as the control plane knows it."""
    scripted = {"X-Mock-Script": f"outcome={outcome}", **headers}
    answer = client.post(TASKS, json=example(), headers=scripted)
    return client.get("/_mock/tasks").json()["tasks"][-1]["task_id"], answer


def test_tasks_are_as_the_document_says_from_their_submit_to_their_end(
    spoken: TestClient, judged: Contract
) -> None:
    for outcome in OUTCOMES:
        task_id, answer = submitted(spoken, outcome, **{"Idempotency-Key": outcome})
        assert judged.check("createTask", answer) == []
        for _ in range(4):
            assert judged.check("getTask", spoken.get(f"{TASKS}/{task_id}")) == []
    again = spoken.post(TASKS, json=example(), headers={"Idempotency-Key": outcome})
    assert judged.check("createTask", again) == []
    assert len(spoken.get("/_mock/tasks").json()["tasks"]) == len(OUTCOMES)


def test_events_are_as_the_document_says_in_either_form(
    spoken: TestClient, judged: Contract
) -> None:
    task_id, _ = submitted(spoken, "succeeded")
    for headers in ({}, LIST, {"Accept": "text/event-stream, application/x-ndjson"}):
        answer = spoken.get(f"{TASKS}/{task_id}/events", headers=headers)
        assert judged.check("getTaskEvents", answer) == []


def test_refusals_are_as_the_document_says(spoken: TestClient, judged: Contract) -> None:
    for code, (given, sent) in REFUSED_SUBMITS.items():
        headers = {"Content-Type": "application/json", **given}
        content = (
            b" " * TOO_MUCH if code == "payload_too_large" else sent or orjson.dumps(example())
        )
        answer = spoken.post(TASKS, content=content, headers=headers)
        assert judged.check("createTask", answer) == [], code
    for operation, path in LOOKS:
        answer = spoken.get(f"{TASKS}/task_none{path}")
        assert judged.check(operation, answer) == []


@pytest.mark.parametrize("script", ["limit=1/60; times=9", "status=503; retry-after=7"])
def test_a_limit_is_told_as_the_document_says(
    spoken: TestClient, judged: Contract, script: str
) -> None:
    spoken.post("/_mock/scripts", json={"script": script})
    answers = [spoken.get(f"{TASKS}/x") for _ in range(3)]
    for answer in answers:
        assert judged.check("getTask", answer) == []
    assert any(answer.status_code in (429, 503) for answer in answers)


def test_the_control_plane_speaks_in_its_own_words(spoken: TestClient) -> None:
    refused = spoken.get("/_mock/tasks?limit=x")
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid_request"
    task_id, _ = submitted(spoken, "succeeded")
    shown = spoken.get(f"/_mock/tasks/{task_id}").json()
    assert (shown["task_id"], shown["status"]) == (task_id, "queued")
    document = Contract(spoken.get("/_mock/control-openapi.json").json())
    assert not [*document.component("Task").iter_errors(shown)]
