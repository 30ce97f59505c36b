"""What a dialect changes is seen by a client, and only by clients of the mock that speaks it."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.domain.dialect import filled
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, MakeClient, client_of, example
from tests.platform.dialects import Patch, with_patch


@pytest.fixture
def speaking(make_client: MakeClient, tmp_path: Path) -> Any:
    """A client of an application whose platform is otherwise by a patch."""

    def make(patch: Patch, **settings: Any) -> TestClient:
        settings = {"progress": "polls", **settings}
        return make_client(schemas=(with_patch(patch, tmp_path),), **settings)

    return make


def problem(client: TestClient, **body: Any) -> Any:
    return client.post(TASKS, json=example(**body)).json()


def test_a_client_of_apimart_reads_its_error(make_client: MakeClient) -> None:
    client = make_client(schemas=(Path("apimart"),))
    error = problem(client, duration=1)["error"]
    assert set(error) == {"message", "type", "code", "param"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == "input.duration"
    assert problem(client, prompt="x")["status"] == "queued"
    missing = client.get(f"{TASKS}/task_none").json()["error"]
    assert missing["param"] is None


def test_a_client_of_model_studio_reads_its_states_and_codes(make_client: MakeClient) -> None:
    client = make_client(schemas=(Path("model-studio"),), progress="polls")
    refused = client.post(TASKS, json=example(duration=1))
    assert refused.status_code == 400
    assert list(refused.json()) == ["request_id", "code", "message"]
    assert refused.json()["code"] == "InvalidParameter"
    script = {"X-Mock-Script": "outcome=failed; error=content_policy"}
    task = client.post(TASKS, json=example(), headers=script).json()
    assert UUID(task["task_id"]).version == UUID(task["request_id"]).version == 4
    polls = [client.get(f"{TASKS}/{task['task_id']}").json() for _ in range(3)]
    assert [each["status"] for each in polls] == ["PENDING", "RUNNING", "FAILED"]
    assert polls[-1]["error"]["code"] == "DataInspectionFailed"
    client.post("/_mock/clock", json={"advance": 86_400})
    assert client.get(f"{TASKS}/{task['task_id']}").status_code == 404


def test_several_dialects_are_spoken_in_one_process(tmp_path: Path) -> None:
    patches: list[Patch] = [{}, {"answers": {"submit": 202}}, {"ids": {"task": "job-"}}]
    folders = [with_patch(patch, tmp_path / str(n)) for n, patch in enumerate(patches)]
    apps = [create_app(Settings(schemas=(folder,))) for folder in folders]
    answers = [client_of(app).post(TASKS, json=example()) for app in (*apps, *apps)]
    assert [each.status_code for each in answers] == [200, 202, 200] * 2
    begun = [each.json()["task_id"].startswith("task_") for each in answers]
    assert begun == [True, True, False] * 2


def test_a_changed_file_is_spoken_from_the_next_request_on(tmp_path: Path) -> None:
    app = create_app(Settings(schemas=(with_patch({}, tmp_path),)))
    client = client_of(app)
    assert client.get(f"{TASKS}/none").status_code == 404
    with_patch({"errors": {"refusals": {"task_not_found": {"status": 410}}}}, tmp_path)
    app.reloader.reload()
    assert client.get(f"{TASKS}/none").status_code == 410
    with_patch({"errors": {"refusals": {"task_not_found": {"status": 1}}}}, tmp_path)
    app.reloader.reload()
    assert "/errors/refusals/task_not_found/status" in (app.reloader.problem or "")
    assert client.get(f"{TASKS}/none").status_code == 410


def test_a_status_that_a_script_asks_for_is_no_matter_of_dialect(speaking: Any) -> None:
    client = speaking({"errors": {"refusals": {"rate_limited": {"status": 420, "code": "slow"}}}})
    client.post("/_mock/scripts", json={"script": "status=429; times=1"})
    client.post("/_mock/scripts", json={"script": "limit=1/60"})
    asked, first, limited = (client.get(f"{TASKS}/none") for _ in range(3))
    assert (asked.status_code, first.status_code, limited.status_code) == (429, 404, 420)
    assert asked.json()["error"]["code"] == limited.json()["error"]["code"] == "slow"
    assert limited.headers["retry-after"] == "60"


def test_headers_of_a_limit_are_those_of_the_dialect_and_pages_may_read_them(speaking: Any) -> None:
    headers = {"Retry-After": None, "X-Reset": "{retry_after}", "X-Limit": "{limit}/{window}"}
    client = speaking({"errors": {"headers": headers}})
    client.post("/_mock/scripts", json={"script": "limit=1/30"})
    client.get(f"{TASKS}/none")
    answer = client.get(f"{TASKS}/none", headers={"Origin": "https://page.example"})
    assert answer.status_code == 429
    assert (answer.headers["x-reset"], answer.headers["x-limit"]) == ("30", "1/30")
    assert "retry-after" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"X-Reset", "X-Limit"} <= set(exposed)
    assert "Retry-After" not in exposed


def test_links_live_as_long_as_the_dialect_says_unless_a_setting_does(
    speaking: Any, make_client: MakeClient, tmp_path: Path
) -> None:
    patch = {"lifetimes": {"links": 60}}
    short, longer = speaking(patch), speaking(patch, link_expiry=3600)
    for client, status in ((short, 404), (longer, 200)):
        task_id = client.post(TASKS, json=example(duration=2)).json()["task_id"]
        link = [client.get(f"{TASKS}/{task_id}") for _ in range(3)][-1].json()
        url = link["output"]["videos"][0]["url"]
        assert client.get(url).status_code == 200
        client.post("/_mock/clock", json={"advance": 61})
        assert client.get(url).status_code == status


def events(client: TestClient, **headers: str) -> Any:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    return client.get(f"{TASKS}/{task_id}/events", headers=headers)


def test_a_stream_of_lines_is_json_on_each(speaking: Any) -> None:
    answer = events(speaking({"events": {"stream": "ndjson"}}))
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["task"]["status"] for each in lines] == ["queued", "processing", "succeeded"]


def test_a_garbled_line_is_no_json(speaking: Any) -> None:
    client = speaking({"events": {"stream": "ndjson"}})
    client.post("/_mock/scripts", json={"script": "malformed; method=GET; times=1"})
    first, *_ = events(client).text.splitlines()
    with pytest.raises(ValueError, match="line 1"):
        json.loads(first)


def test_a_stream_ends_with_the_word_of_its_dialect(speaking: Any) -> None:
    answer = events(speaking({"events": {"sse": {"end": "[DONE]"}}}))
    assert answer.text.endswith("\n\ndata: [DONE]\n\n")


def test_a_client_goes_on_after_an_event_by_whatever_id_it_has(speaking: Any) -> None:
    client = speaking({"events": {"sse": {"id": "{event_id}"}}})
    answer = events(client)
    ids = [line[4:] for line in answer.text.splitlines() if line.startswith("id: ")]
    task_id = client.get("/_mock/tasks").json()["tasks"][-1]["task_id"]
    again = client.get(f"{TASKS}/{task_id}/events", headers={"Last-Event-ID": ids[0]})
    assert [line[4:] for line in again.text.splitlines() if line.startswith("id: ")] == ids[1:]
    over = client.get(f"{TASKS}/{task_id}/events", headers={"Last-Event-ID": ids[-1]})
    assert over.status_code == 204


def test_a_list_of_events_is_bare_where_the_dialect_says_so(speaking: Any) -> None:
    answer = events(speaking({"events": {"list": "{events}", "default": "list"}}))
    assert [each["type"] for each in answer.json()] == ["task.queued"]


def test_without_a_stream_every_client_gets_the_list(speaking: Any) -> None:
    client = speaking({"events": {"stream": "none"}})
    assert events(client, Accept="text/event-stream").json()["events"]


def test_members_without_a_value_are_null_where_the_dialect_shows_them(speaking: Any) -> None:
    task = speaking({"tasks": {"nulls": True}}).post(TASKS, json=example()).json()
    assert [task[name] for name in ("cost_actual", "output", "error")] == [None] * 3


names = st.sampled_from(
    ["{code}", "{message}", "{request_id}", "{status}", "why: {code}", "{null}"]
)
values = st.one_of(names, st.booleans(), st.integers(0, 9), st.text("ABC{} ", max_size=4))
members = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), values, max_size=3)


@given(members, st.dictionaries(st.text("abc", min_size=1, max_size=2), members, max_size=2))
def test_an_envelope_is_whatever_its_template_says(flat: Patch, deep: Patch) -> None:
    said = {"code": "c", "message": "m", "request_id": "r", "status": 404}
    template = {"fixed": 1, **flat, **{f"_{name}": each for name, each in deep.items()}}
    made = filled(template, said, nulls=True)
    assert made.keys() == template.keys()
    for name, each in flat.items():
        expected = said.get(each[1:-1], each) if isinstance(each, str) else each
        expected = {"{null}": None, "why: {code}": "why: c"}.get(str(each), expected)
        assert made[name] == expected


def test_an_idempotency_key_lasts_as_long_as_the_dialect_says(
    make_client: MakeClient, tmp_path: Path
) -> None:
    folder = with_patch({"lifetimes": {"keys": 60}}, tmp_path)
    client = make_client(progress="manual", schemas=(folder,))
    key = {"Idempotency-Key": "order-1"}
    first = client.post(TASKS, json=example(), headers=key).json()
    client.post("/_mock/clock", json={"advance": 59})
    assert client.post(TASKS, json=example(), headers=key).json()["task_id"] == first["task_id"]
    assert client.post(TASKS, json=example(duration=2), headers=key).status_code == 409
    client.post("/_mock/clock", json={"advance": 1})
    other = client.post(TASKS, json=example(duration=2), headers=key)
    assert other.status_code == 200
    assert other.json()["task_id"] != first["task_id"]
    assert "Idempotent-Replayed" not in other.headers
    assert client.post(TASKS, json=example(), headers=key).status_code == 409
    assert client.get(f"{TASKS}/{first['task_id']}").status_code == 200
