"""One promise for every refusal: its status, its code, the one envelope, and nothing stored."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.settings import Bounds
from tests.conftest import TASKS, MakeClient, example

JSON = {"Content-Type": "application/json"}

#: What is sent, and the status and code it must be refused with.
REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", TASKS, {"content": b"{", "headers": JSON}, 400, "invalid_json"),
    ("POST", TASKS, {"content": b"\xff", "headers": JSON}, 400, "invalid_json"),
    ("POST", TASKS, {"content": b"", "headers": JSON}, 400, "invalid_json"),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Idempotency-Key": ""}},
        400,
        "invalid_idempotency_key",
    ),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Idempotency-Key": "k" * 256}},
        400,
        "invalid_idempotency_key",
    ),
    ("POST", TASKS, {"json": example(), "headers": {"Authorization": ""}}, 401, "missing_api_key"),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Authorization": "Basic x"}},
        401,
        "missing_api_key",
    ),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Authorization": "Bearer "}},
        401,
        "invalid_api_key",
    ),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Authorization": "Bearer x"}},
        401,
        "invalid_api_key",
    ),
    (
        "GET",
        f"{TASKS}/task_x",
        {"headers": {"Authorization": "Bearer mv_test_deleted"}},
        401,
        "invalid_api_key",
    ),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Authorization": "Bearer mv_test_no_credit"}},
        402,
        "insufficient_credit",
    ),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"Authorization": "Bearer mv_test_disabled"}},
        403,
        "disabled_api_key",
    ),
    ("GET", "/api/v1/task", {}, 404, "not_found"),
    ("GET", "/api/v2/tasks", {}, 404, "not_found"),
    ("GET", f"{TASKS}/", {}, 404, "not_found"),
    ("GET", f"{TASKS}/x/", {}, 404, "not_found"),
    ("GET", f"{TASKS}/x/event", {}, 404, "not_found"),
    ("GET", f"{TASKS}/x/events/", {}, 404, "not_found"),
    ("GET", "/", {}, 404, "not_found"),
    ("GET", f"{TASKS}/task_x", {}, 404, "task_not_found"),
    ("GET", f"{TASKS}/task_x/events", {}, 404, "task_not_found"),
    ("POST", TASKS, {"json": example() | {"model": "none"}}, 404, "unknown_model"),
    ("GET", TASKS, {}, 405, "method_not_allowed"),
    ("PATCH", f"{TASKS}/x", {}, 405, "method_not_allowed"),
    ("OPTIONS", TASKS, {}, 405, "method_not_allowed"),
    ("DELETE", f"{TASKS}/x/events", {}, 405, "method_not_allowed"),
    ("DELETE", "/_mock/health", {}, 405, "method_not_allowed"),
    (
        "POST",
        TASKS,
        {"content": b" " * (10 * 1024 * 1024 + 1), "headers": JSON},
        413,
        "payload_too_large",
    ),
    ("POST", TASKS, {"content": b"{}"}, 415, "unsupported_media_type"),
    (
        "POST",
        TASKS,
        {"content": b"{}", "headers": {"Content-Type": "application/json; charset=utf-16"}},
        415,
        "unsupported_media_type",
    ),
    (
        "POST",
        TASKS,
        {"content": b"{}", "headers": JSON | {"Content-Encoding": "gzip"}},
        415,
        "unsupported_media_type",
    ),
    ("POST", TASKS, {"json": []}, 422, "invalid_request"),
    ("POST", TASKS, {"json": example() | {"more": 1}}, 422, "invalid_request"),
    (
        "POST",
        TASKS,
        {"json": example(), "headers": {"X-Mock-Script": "outcme=failed"}},
        422,
        "invalid_request",
    ),
    ("POST", TASKS, {"json": example(duration=1)}, 422, "invalid_input"),
    ("POST", TASKS, {"json": example() | {"input": []}}, 422, "invalid_input"),
    ("POST", "/_mock/clock", {"json": {"advance": -1}}, 422, "invalid_request"),
    ("GET", "/_mock/tasks?limit=x", {}, 422, "invalid_request"),
    ("POST", "/_mock/tasks/task_x/explode", {}, 404, "not_found"),
    ("GET", "/media/default/task_x/1.mp4", {}, 404, "not_found"),
]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    REFUSALS,
    ids=[f"{status}-{code}-{n}" for n, (*_, status, code) in enumerate(REFUSALS)],
)
def test_a_refusal_has_its_status_its_code_and_the_one_envelope(
    client: TestClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.request(method, path, **sent)
    assert answer.status_code == status
    if method == "HEAD":
        return
    body = answer.json()
    assert body["error"]["code"] == code
    assert body["request_id"] == answer.headers["X-Request-Id"]
    schema = builtin_catalog().schemas["error.schema.json"]
    Draft202012Validator(schema).validate(body)
    assert client.get("/_mock/tasks").json() == {"tasks": []}


def test_every_violated_rule_has_a_detail_with_a_pointer_from_the_root(client: TestClient) -> None:
    body = example(duration=1, prompt="", more=True, image_with_roles=[{"url": "u", "role": "x"}])
    details = client.post(TASKS, json=body).json()["error"]["details"]
    assert {(detail["pointer"], detail["keyword"]) for detail in details} == {
        ("/input/duration", "minimum"),
        ("/input/prompt", "minLength"),
        ("/input/image_with_roles/0/role", "enum"),
        ("/input", "additionalProperties"),
    }


def test_a_rule_stated_only_in_prose_is_told_by_its_title(client: TestClient) -> None:
    error = client.post(TASKS, json=example(image_with_roles=None)).json()["error"]
    assert error["details"] == [
        {
            "pointer": "/input",
            "keyword": "anyOf",
            "message": "at least one of image_with_roles and video_urls is required",
        }
    ]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"path": "/api/v1/nothing"}, "not_found"),
        ({"method": "PUT"}, "method_not_allowed"),
        ({"key": "bad"}, "invalid_api_key"),
        ({"type": "text/plain"}, "unsupported_media_type"),
        ({"body": b"{"}, "invalid_json"),
        ({"body": b"[]"}, "invalid_request"),
        ({"body": b'{"model":"none","input":{}}'}, "unknown_model"),
        ({"body": b'{"model":"wan2-7-r2v","input":{}}'}, "invalid_input"),
        ({"idempotency": "\x7f"}, "invalid_idempotency_key"),
    ],
)
def test_checks_come_in_one_order(client: TestClient, broken: dict[str, Any], code: str) -> None:
    """Whatever else is wrong further down the order, the first wrong thing is told."""
    order = ["path", "method", "key", "type", "body", "idempotency"]
    wrong: dict[str, Any] = {
        "path": TASKS,
        "method": "POST",
        "key": "mv_live_xxx",
        "type": "application/json",
        "body": b'{"model":"wan2-7-r2v","input":{}}',
        "idempotency": "k" * 300,
    }
    later = {"method": "PUT", "key": "bad", "type": "text/plain", "body": b"{"}
    first = next(iter(broken))
    for name in order[order.index(first) + 1 :]:
        wrong[name] = later.get(name, wrong[name])
    if first == "idempotency":
        wrong["body"] = (
            b'{"model":"wan2-7-r2v","input":{"prompt":"x","video_urls":["https://a/b.mp4"]}}'
        )
    wrong |= broken
    headers = {
        "Authorization": f"Bearer {wrong['key']}",
        "Content-Type": wrong["type"],
        "Idempotency-Key": wrong["idempotency"],
    }
    answer = client.request(wrong["method"], wrong["path"], content=wrong["body"], headers=headers)
    assert answer.json()["error"]["code"] == code


def test_a_401_challenges_as_rfc_6750_has_it(client: TestClient) -> None:
    missing = client.get(f"{TASKS}/x", headers={"Authorization": ""})
    invalid = client.get(f"{TASKS}/x", headers={"Authorization": "Bearer nope"})
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="mindvideo"'
    assert invalid.headers["WWW-Authenticate"] == 'Bearer realm="mindvideo", error="invalid_token"'


def test_an_event_source_without_a_key_is_told_what_to_use(client: TestClient) -> None:
    headers = {"Authorization": "", "Accept": "text/event-stream"}
    message = client.get(f"{TASKS}/x/events", headers=headers).json()["error"]["message"]
    assert "EventSource cannot send one: use fetch" in message


def test_a_full_mock_says_503_and_keeps_what_it_has(make_client: MakeClient) -> None:
    client = make_client(bounds=Bounds(tasks=2))
    kept = [client.post(TASKS, json=example()).json()["task_id"] for _ in range(2)]
    full = client.post(TASKS, json=example())
    assert (full.status_code, full.json()["error"]["code"]) == (503, "unavailable")
    assert [client.get(f"{TASKS}/{task_id}").status_code for task_id in kept] == [200, 200]


def test_a_bug_of_the_mock_is_an_enveloped_500(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.app.service, "task", lambda *_: 1 / 0)  # type: ignore[attr-defined]
    answer = client.get(f"{TASKS}/task_x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
