"""Answers of every kind agree with the document, in this process and on a socket."""

import httpx2
import orjson
import pytest
from starlette.testclient import TestClient

from mock_mindvideo.serving.server import MockServer
from mock_mindvideo.settings import Bounds
from mock_mindvideo.worlds.tasks import Service
from tests.conftest import TASKS, MakeClient, example
from tests.openapi.contract import Contract
from tests.openapi.raw import exchange

#: What is sent, by the code it is refused with; None stands for a valid body.
REFUSED_SUBMITS = {
    "invalid_json": ({}, b'{"model": '),
    "invalid_idempotency_key": ({"Idempotency-Key": "a" * 256}, None),
    "missing_api_key": ({"Authorization": "Basic Og=="}, None),
    "invalid_api_key": ({"Authorization": "Bearer mv_test_deleted"}, None),
    "insufficient_credit": ({"Authorization": "Bearer mv_test_no_credit"}, None),
    "disabled_api_key": ({"Authorization": "Bearer mv_test_disabled"}, None),
    "unknown_model": ({}, b'{"model": "none", "input": {}}'),
    "payload_too_large": ({}, b" " * 3000),
    "unsupported_media_type": ({"Content-Type": "text/plain"}, None),
    "invalid_request": ({}, b'{"model": 1, "more": 2}'),
    "invalid_input": ({}, b'{"model": "wan2-7-r2v", "input": {"prompt": "", "size": 1}}'),
}

#: Paths of the two operations that look, and their ids.
LOOKS = (("getTask", ""), ("getTaskEvents", "/events"))


@pytest.fixture
def small_client(make_client: MakeClient) -> TestClient:
    """A client of an application that takes bodies of 2 KB, and keeps one task."""
    return make_client(progress="polls", bounds=Bounds(body=2048, tasks=1))


def code_of(answer: httpx2.Response) -> str:
    """The code in a refusal's envelope."""
    return str(answer.json()["error"]["code"])


def submit(client: TestClient, body: object, **headers: str) -> str:
    """Submit, and the new task's id."""
    answer = client.post(TASKS, json=body, headers=headers)
    return str(answer.json()["task_id"])


@pytest.mark.parametrize("code", REFUSED_SUBMITS)
def test_refused_submits(contract: Contract, small_client: TestClient, code: str) -> None:
    """Each refusal is one that the document lists."""
    headers, sent = REFUSED_SUBMITS[code]
    headers = {"Content-Type": "application/json", **headers}
    content = sent or orjson.dumps(example())
    answer = small_client.post(TASKS, content=content, headers=headers)
    assert code_of(answer) == code
    assert contract.check("createTask", answer) == []


def test_submit_and_replay(contract: Contract, client: TestClient) -> None:
    """The replay says that it is one."""
    key = {"Idempotency-Key": "one"}
    first = client.post(TASKS, json=example(), headers=key)
    again = client.post(TASKS, json=example(), headers=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert contract.check("createTask", first) == []
    assert contract.check("createTask", again) == []


def test_reused_key(contract: Contract, client: TestClient) -> None:
    """Same key, other payload."""
    submit(client, example(), **{"Idempotency-Key": "one"})
    answer = client.post(TASKS, json=example(seed=1), headers={"Idempotency-Key": "one"})
    assert code_of(answer) == "idempotency_key_reused"
    assert contract.check("createTask", answer) == []


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "cancelled"])
def test_a_task_in_each_of_its_states(contract: Contract, client: TestClient, outcome: str) -> None:
    """From queued to each end."""
    task_id = submit(client, example(), **{"X-Mock-Script": f"outcome={outcome}"})
    answers = [client.get(f"{TASKS}/{task_id}") for _ in range(3)]
    assert [each.json()["status"] for each in answers] == ["queued", "processing", outcome]
    assert [contract.check("getTask", each) for each in answers] == [[], [], []]


def test_events_as_a_list_and_as_a_stream(contract: Contract, client: TestClient) -> None:
    """Both forms, while the task runs and once it has ended."""
    path = f"{TASKS}/{submit(client, example())}/events"
    listed = client.get(path, headers={"Accept": "application/json"})
    streamed = client.get(path, headers={"Accept": "text/event-stream"})
    assert contract.check("getTaskEvents", listed) == []
    assert contract.check("getTaskEvents", streamed) == []


def test_each_event_of_a_stream_agrees_with_the_event_schema(
    contract: Contract, client: TestClient
) -> None:
    """`contentSchema` is not looked at by validators; so the data is taken out here."""
    stream = client.get(f"{TASKS}/{submit(client, example())}/events").text
    events = [line[6:] for line in stream.splitlines() if line.startswith("data: ")]
    assert len(events) == 3
    for event in events:
        contract.component("Event").validate(httpx2.Response(200, text=event).json())


def test_stream_of_an_ended_task_that_was_seen(contract: Contract, client: TestClient) -> None:
    """204, and nothing in it."""
    path = f"{TASKS}/{submit(client, example())}/events"
    client.get(path)
    answer = client.get(path, headers={"Last-Event-ID": "3"})
    assert answer.status_code == 204
    assert contract.check("getTaskEvents", answer) == []


@pytest.mark.parametrize(("operation", "rest"), LOOKS)
@pytest.mark.parametrize(
    ("task_id", "code"), [("task_none", "task_not_found"), ("a%2Fb", "not_found")]
)
def test_tasks_that_are_not_there(
    contract: Contract, client: TestClient, operation: str, rest: str, task_id: str, code: str
) -> None:
    """An unknown task, and an id that makes the path another one."""
    answer = client.get(f"{TASKS}/{task_id}{rest}")
    assert code_of(answer) == code
    assert contract.check(operation, answer) == []


@pytest.mark.parametrize(("operation", "rest"), LOOKS)
@pytest.mark.parametrize("key", ["", "mv_test_disabled", "mv_test_deleted"])
def test_keys_that_may_not_look(
    contract: Contract, client: TestClient, operation: str, rest: str, key: str
) -> None:
    """401 with its challenge, or 403."""
    headers = {"Authorization": f"Bearer {key}" if key else ""}
    answer = client.get(f"{TASKS}/task_none{rest}", headers=headers)
    assert answer.status_code in (401, 403)
    assert contract.check(operation, answer) == []


@pytest.mark.parametrize(
    ("operation", "path"),
    [("createTask", TASKS), ("getTask", f"{TASKS}/t"), ("getTaskEvents", f"{TASKS}/t/events")],
)
def test_methods_and_scripts_that_no_operation_takes(
    contract: Contract, client: TestClient, operation: str, path: str
) -> None:
    """405 with Allow; 422 for a script that cannot be read."""
    other = client.delete(path)
    method = other.headers["Allow"].partition(",")[0]
    unread = client.request(method, path, headers={"X-Mock-Script": "outcoem=failed"})
    assert [code_of(other), code_of(unread)] == ["method_not_allowed", "invalid_request"]
    assert contract.check(operation, other) == []
    assert contract.check(operation, unread) == []


def test_advice(contract: Contract, client: TestClient) -> None:
    """A likely mistake, told in a header."""
    answer = client.post(TASKS, json=example(prompt="图3"), headers={"Origin": "http://x.test"})
    assert "X-Mock-Advice" in answer.headers
    assert contract.check("createTask", answer) == []


def test_full_of_unfinished_tasks(contract: Contract, small_client: TestClient) -> None:
    """503, as one task is all it keeps."""
    submit(small_client, example())
    answer = small_client.post(TASKS, json=example())
    assert code_of(answer) == "unavailable"
    assert contract.check("createTask", answer) == []


@pytest.mark.parametrize(("operation", "rest"), LOOKS)
def test_a_bug_of_the_mock(
    contract: Contract,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    rest: str,
) -> None:
    """500 in the one envelope."""
    monkeypatch.setattr(Service, "glance", None)
    monkeypatch.setattr(Service, "task", None)
    answer = client.get(f"{TASKS}/task_none{rest}")
    assert code_of(answer) == "internal_error"
    assert contract.check(operation, answer) == []


def test_what_the_parser_refuses(contract: Contract, server: MockServer) -> None:
    """Bytes that are no HTTP are answered before any operation is known."""
    answer = exchange(server.url, b"POST /api/v1/tasks HTTP/1.1\r\nno header\r\n\r\n")
    assert code_of(answer) == "invalid_http"
    assert contract.check("createTask", answer) == []
