"""The documentation's own example, against the mock with the host changed."""

from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example


def test_the_example_is_queued_and_costs_what_the_page_says(client: TestClient) -> None:
    answer = client.post(TASKS, json=example())
    body = answer.json()
    assert answer.status_code == 200
    assert list(body) == ["request_id", "task_id", "status", "cost_estimate"]
    assert (body["status"], body["cost_estimate"]) == ("queued", 0.6165)
    assert b'"cost_estimate":0.6165}' in answer.content


def test_polling_shows_each_state_and_then_the_link(make_client: MakeClient) -> None:
    client = make_client(progress="polls")
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    seen = [client.get(f"{TASKS}/{task_id}").json() for _ in range(4)]
    assert [body["status"] for body in seen] == ["queued", "processing", "succeeded", "succeeded"]
    assert seen[2]["cost_actual"] == 0.6165
    assert seen[2]["output"] == {
        "videos": [{"url": f"http://127.0.0.1:8080/media/default/{task_id}/1.mp4"}]
    }
    assert all("cost_actual" not in body and "output" not in body for body in seen[:2])


def test_a_failed_task_shows_why_and_costs_nothing(client: TestClient) -> None:
    script = {"X-Mock-Script": "outcome=failed; error=content_policy"}
    task_id = client.post(TASKS, json=example(), headers=script).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 100})
    body = client.get(f"{TASKS}/{task_id}").json()
    assert (body["status"], body["cost_actual"]) == ("failed", 0)
    assert body["error"]["code"] == "content_policy"
    assert "output" not in body


def test_a_cancelled_task_shows_its_cost_and_nothing_else(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post(f"/_mock/tasks/{task_id}/cancel")
    body = client.get(f"{TASKS}/{task_id}").json()
    assert list(body) == ["request_id", "task_id", "status", "cost_estimate", "cost_actual"]
    assert (body["status"], body["cost_actual"]) == ("cancelled", 0)


def test_the_same_seed_gives_the_same_ids(make_client: MakeClient) -> None:
    first, second = (make_client(seed=42).post(TASKS, json=example()).json() for _ in range(2))
    assert first == second
    assert make_client(seed=43).post(TASKS, json=example()).json() != first
