"""Idempotency keys over HTTP (D09 to D11)."""

import json

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example

KEY = {"Idempotency-Key": "order-1"}


def test_a_replay_gives_the_original_task_and_charges_nothing(client: TestClient) -> None:
    first = client.post(TASKS, json=example(), headers=KEY)
    again = client.post(TASKS, json=example(), headers=KEY)
    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    ledger = client.get("/_mock/ledger").json()
    assert [entry["kind"] for entry in ledger["entries"]] == ["hold"]


def test_request_ids_name_the_submit_in_the_body_and_the_request_in_the_header(
    client: TestClient,
) -> None:
    first = client.post(TASKS, json=example(), headers=KEY)
    again = client.post(TASKS, json=example(), headers=KEY)
    shown = client.get(f"{TASKS}/{first.json()['task_id']}")
    submit = first.json()["request_id"]
    assert first.headers["X-Request-Id"] == submit
    assert again.json()["request_id"] == shown.json()["request_id"] == submit
    assert len({answer.headers["X-Request-Id"] for answer in (first, again, shown)}) == 3


def test_a_replay_shows_the_task_as_it_is_now(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example(), headers=KEY).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 60})
    again = client.post(TASKS, json=example(), headers=KEY).json()
    assert (again["task_id"], again["status"]) == (task_id, "succeeded")
    assert again == client.get(f"{TASKS}/{task_id}").json()


@pytest.mark.parametrize(
    "other",
    [
        example(duration=6),
        example(seed=1),
        example(watermark=False),
        example(image_with_roles=example()["input"]["image_with_roles"] * 2),
    ],
)
def test_another_payload_under_a_used_key_is_409(
    client: TestClient, other: dict[str, object]
) -> None:
    client.post(TASKS, json=example(), headers=KEY)
    answer = client.post(TASKS, json=other, headers=KEY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 1


def test_how_a_payload_is_written_does_not_matter(client: TestClient) -> None:
    body = example()
    first = client.post(TASKS, json=body, headers=KEY).json()
    shuffled = {
        "input": dict(reversed(list(body["input"].items()))) | {"duration": 5.0},
        "model": body["model"],
    }
    written = json.dumps(shuffled, indent=4, ensure_ascii=True)
    headers = KEY | {"Content-Type": "application/json; charset=utf-8"}
    assert client.post(TASKS, content=written, headers=headers).json() == first


def test_keys_of_one_world_mean_nothing_to_another(make_client: MakeClient) -> None:
    client = make_client()
    first = client.post(TASKS, json=example(), headers=KEY).json()["task_id"]
    other = {"Authorization": "Bearer mv_test_other"}
    second = client.post(TASKS, json=example(duration=9), headers=KEY | other).json()["task_id"]
    assert first != second
    assert client.get(f"{TASKS}/{first}", headers=other).status_code == 404


def test_a_refused_request_leaves_its_key_free(client: TestClient) -> None:
    assert client.post(TASKS, json=example(duration=99), headers=KEY).status_code == 422
    assert client.post(TASKS, json=example(), headers=KEY).status_code == 200


def test_without_a_key_each_submit_is_a_task(client: TestClient) -> None:
    ids = {client.post(TASKS, json=example()).json()["task_id"] for _ in range(3)}
    assert len(ids) == 3
