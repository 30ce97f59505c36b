"""The control plane: it looks at a world and steers it."""

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example


def submit(client: TestClient, **headers: str) -> str:
    return str(client.post(TASKS, json=example(), headers=headers).json()["task_id"])


def status(client: TestClient, task_id: str) -> str:
    return str(client.get(f"{TASKS}/{task_id}").json()["status"])


def test_health_says_what_is_running(client: TestClient) -> None:
    health = client.get("/_mock/health").json()
    assert (health["status"], health["name"], health["store"]) == ("ok", "mock-mindvideo", "memory")
    assert health["models"] == ["wan2-7-r2v"]
    assert all(count == 0 for name, count in health["counts"].items() if name.startswith("dropped"))


@pytest.mark.parametrize("path", ["/_mock", "/_mock/"])
def test_whoever_opens_the_control_plane_is_told_what_it_is(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert "control plane" in answer.json()["about"]
    assert answer.json()["world"] == "default"


def test_rules_and_models_show_the_schema_files(client: TestClient) -> None:
    rules = client.get("/_mock/rules").json()
    assert {"D10", "I01", "X01"} <= {each["id"] for each in rules["behaviours"]}
    assert rules["magic_hosts"]["stuck.mock.invalid"] == "outcome=stuck"
    model = client.get("/_mock/models").json()["models"][0]
    assert (model["slug"], model["example_cost"]) == ("wan2-7-r2v", "0.6165")


def test_advancing_the_clock_returns_what_fell_due_in_order(client: TestClient) -> None:
    first = submit(client)
    client.post("/_mock/clock", json={"advance": 1})
    second = submit(client)
    moved = client.post("/_mock/clock", json={"advance": 2.5}).json()
    steps = [(each["task_id"], each["status"]) for each in moved["transitions"]]
    assert steps == [(first, "processing"), (second, "processing")]
    assert moved["now"] == "2026-01-01T00:00:03.500Z"
    assert client.get("/_mock/clock").json()["now"] == moved["now"]


def test_the_way_time_passes_can_be_changed_and_the_moment_stays(client: TestClient) -> None:
    client.post("/_mock/clock", json={"advance": 5})
    changed = client.post("/_mock/clock", json={"progress": "polls", "speed": 3}).json()
    assert (changed["progress"], changed["speed"]) == ("polls", 3)
    assert changed["now"] == "2026-01-01T00:00:05.000Z"
    task_id = submit(client)
    assert [status(client, task_id) for _ in range(3)] == ["queued", "processing", "succeeded"]


@pytest.mark.parametrize(
    ("move", "reached"),
    [
        ("start", "processing"),
        ("succeed", "succeeded"),
        ("fail", "failed"),
        ("cancel", "cancelled"),
    ],
)
def test_a_task_can_be_moved_at_once(client: TestClient, move: str, reached: str) -> None:
    task_id = submit(client)
    moved = client.post(f"/_mock/tasks/{task_id}/{move}").json()
    assert moved["status"] == status(client, task_id) == reached
    assert moved["timeline"][-1] == {"at": "2026-01-01T00:00:00.000Z", "status": reached}


def test_succeeding_goes_through_the_states_between(client: TestClient) -> None:
    task_id = submit(client)
    client.post(f"/_mock/tasks/{task_id}/succeed")
    events = client.get(f"{TASKS}/{task_id}/events", headers={"Accept": "application/json"}).json()
    types = [event["type"] for event in events["events"]]
    assert types == ["task.queued", "task.processing", "task.succeeded"]


def test_an_illegal_move_is_refused_and_changes_nothing(client: TestClient) -> None:
    task_id = submit(client)
    before = client.post(f"/_mock/tasks/{task_id}/cancel").json()
    refused = client.post(f"/_mock/tasks/{task_id}/succeed")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "illegal_move")
    assert "a task that is cancelled cannot become succeeded" in refused.text
    assert client.get(f"/_mock/tasks/{task_id}").json() == before


def test_a_failure_can_say_why(client: TestClient) -> None:
    task_id = submit(client)
    client.post(f"/_mock/tasks/{task_id}/fail", json={"code": "no_face", "message": "No face."})
    assert client.get(f"{TASKS}/{task_id}").json()["error"] == {
        "code": "no_face",
        "message": "No face.",
    }


def test_the_ledger_adds_up(client: TestClient) -> None:
    done, failed, open_ = submit(client), submit(client), submit(client)
    client.post(f"/_mock/tasks/{done}/succeed")
    client.post(f"/_mock/tasks/{failed}/fail")
    ledger = client.get("/_mock/ledger").json()
    assert (ledger["held"], ledger["charged"], ledger["credit"]) == ("0.6165", "0.6165", None)
    kinds = [(entry["task_id"], entry["kind"], entry["amount"]) for entry in ledger["entries"]]
    assert sorted(kinds) == sorted(
        [
            *((each, "hold", "0.6165") for each in (done, failed, open_)),
            (done, "charge", "0.6165"),
            (failed, "release", "0.6165"),
        ]
    )


def test_credit_runs_out_and_comes_back_when_a_task_fails(client: TestClient) -> None:
    assert client.post("/_mock/credit", json={"credit": "1"}).json()["credit"] == "1"
    task_id = submit(client)
    refused = client.post(TASKS, json=example())
    assert (refused.status_code, refused.json()["error"]["code"]) == (402, "insufficient_credit")
    client.post(f"/_mock/tasks/{task_id}/fail")
    assert client.post(TASKS, json=example()).status_code == 200
    assert client.get("/_mock/ledger").json()["credit"] == "0.3835"


def test_keys_can_be_created_disabled_and_deleted(client: TestClient) -> None:
    made = client.post("/_mock/keys").json()
    own = {"Authorization": f"Bearer {made['key']}"}
    task_id = submit(client, **own)
    assert status(client, task_id) == "queued", "a created key shares its world's tasks"
    client.patch(f"/_mock/keys/{made['id']}", json={"disabled": True})
    assert client.get(f"{TASKS}/{task_id}", headers=own).status_code == 403
    assert client.get("/_mock/tasks", headers=own).status_code == 200, (
        "the control plane still acts"
    )
    client.patch(f"/_mock/keys/{made['id']}", json={"disabled": False})
    assert client.get(f"{TASKS}/{task_id}", headers=own).status_code == 200
    assert client.delete(f"/_mock/keys/{made['id']}").status_code == 204
    assert client.get(f"{TASKS}/{task_id}", headers=own).status_code == 401
    assert made["id"] not in client.get("/_mock/keys").text


def test_the_key_of_the_documentation_can_be_disabled_too(client: TestClient) -> None:
    client.patch("/_mock/keys/key_default", json={"disabled": True})
    assert client.post(TASKS, json=example()).status_code == 403
    client.patch("/_mock/keys/key_default", json={"disabled": False})
    assert client.post(TASKS, json=example()).status_code == 200


def test_a_script_decides_the_next_task_and_is_used_up(client: TestClient) -> None:
    added = client.post("/_mock/scripts", json={"script": "outcome=failed; queued=0; times=1"})
    assert (added.status_code, added.json()["id"]) == (201, "script_1")
    scripted = client.post(TASKS, json=example())
    plain = client.post(TASKS, json=example())
    assert scripted.headers["X-Mock-Script"] == "outcome=failed; queued=0; times=1"
    assert "X-Mock-Script" not in plain.headers
    client.post("/_mock/clock", json={"advance": 60})
    assert status(client, scripted.json()["task_id"]) == "failed"
    assert status(client, plain.json()["task_id"]) == "succeeded"
    assert client.get("/_mock/scripts").json()["scripts"][0]["spent"] is True
    client.delete("/_mock/scripts")
    assert client.get("/_mock/scripts").json() == {"scripts": []}


def test_a_magic_url_decides_its_own_task(client: TestClient) -> None:
    image = {"url": "https://fail-content-policy.mock.invalid/x.jpg", "role": "reference_image"}
    answer = client.post(TASKS, json=example(image_with_roles=[image]))
    assert answer.headers["X-Mock-Script"] == "outcome=failed; error=content_policy"
    client.post("/_mock/clock", json={"advance": 60})
    body = client.get(f"{TASKS}/{answer.json()['task_id']}").json()
    assert body["error"]["code"] == "content_policy"


def test_without_magic_neither_headers_nor_urls_decide(make_client: MakeClient) -> None:
    client = make_client(magic=False)
    image = {"url": "https://fail.mock.invalid/x.jpg", "role": "reference_image"}
    body = example(image_with_roles=[image])
    answer = client.post(TASKS, json=body, headers={"X-Mock-Script": "outcome=cancelled"})
    client.post("/_mock/clock", json={"advance": 60})
    assert status(client, answer.json()["task_id"]) == "succeeded"


def test_a_reset_forgets_everything_of_one_world_only(client: TestClient) -> None:
    other = {"Authorization": "Bearer mv_test_other"}
    kept = submit(client, **other)
    submit(client)
    client.post("/_mock/scripts", json={"script": "outcome=failed"})
    assert client.post("/_mock/reset").json() == {"world": "default"}
    for path in ("tasks", "requests", "scripts"):
        assert client.get(f"/_mock/{path}").json()[path] == []
    assert client.get(f"{TASKS}/{kept}", headers=other).status_code == 200


def test_the_journal_shows_what_was_asked_and_answered(client: TestClient) -> None:
    task_id = submit(client, **{"Idempotency-Key": "k-1"})
    client.get(f"{TASKS}/nothing")
    asked, missed = client.get("/_mock/requests").json()["requests"]
    assert (asked["method"], asked["path"], asked["status"]) == ("POST", TASKS, 200)
    assert (asked["task_id"], asked["code"]) == (task_id, None)
    assert ["idempotency-key", "k-1"] in asked["headers"]
    assert '"prompt"' in asked["body"]
    assert task_id in asked["answer"]
    assert (missed["status"], missed["code"]) == (404, "task_not_found")
    newest = client.get("/_mock/requests?limit=1").json()["requests"]
    assert newest == [missed]
