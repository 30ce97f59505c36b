"""What a dialect adds to the API: there and as it says where it is on, and nowhere else."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.catalog import CatalogError, builtin_catalog, load
from mock_mindvideo.domain.dialect.extensions import ASKED
from mock_mindvideo.domain.script import ScriptError, parse
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, MakeClient, client_of, example
from tests.openapi.contract import Contract
from tests.platform.dialects import folder_for, with_patch

STUCK = {"X-Mock-Script": "outcome=stuck"}

#: A request to each, as the packaged file would have it, and what is answered while it is off.
OFF = (
    ("POST", f"{TASKS}/x/cancel", 404),
    ("DELETE", f"{TASKS}/x", 405),
    ("GET", TASKS, 405),
    ("GET", "/api/v1/balance", 404),
    ("GET", "/api/v1/models", 404),
)


def switched_on(tmp_path: Path, **changes: Any) -> Path:
    """A folder of schemas with every extension on, and what is otherwise."""
    patch = {name: {"on": True, **changes.get(name, {})} for name in ASKED}
    return with_patch({"extensions": patch}, tmp_path)


@pytest.fixture
def extended(make_client: MakeClient, tmp_path: Path) -> TestClient:
    return make_client(progress="manual", schemas=(switched_on(tmp_path),))


def submitted(client: TestClient, **headers: str) -> str:
    return str(client.post(TASKS, json=example(), headers=headers).json()["task_id"])


def cancelled(client: TestClient, task_id: str) -> httpx2.Response:
    return client.post(f"{TASKS}/{task_id}/cancel")


@pytest.mark.parametrize(("method", "path", "status"), OFF)
def test_an_extension_that_is_off_is_not_there(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] in {"not_found", "method_not_allowed"}


def test_fidelity_has_a_row_of_its_own_kind_for_each() -> None:
    rows = {each["id"]: each for each in builtin_catalog().behaviours if each["id"][0] == "E"}
    assert {each["kind"] for each in rows.values()} == {"extension"}
    covers = {cover for each in rows.values() for cover in each["covers"]}
    assert {f"extension:{name}" for name in ASKED} <= covers


def test_a_cancelled_task_is_free_and_stays_cancelled_however_often_it_is_asked(
    extended: TestClient,
) -> None:
    extended.post("/_mock/credit", json={"credit": 10})
    task_id = submitted(extended)
    assert extended.get("/api/v1/balance").json()["held"] == 0.6165
    first, again = cancelled(extended, task_id), cancelled(extended, task_id)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["status"] == "cancelled"
    assert first.json()["cost_actual"] == 0
    assert extended.get(f"{TASKS}/{task_id}").json() == first.json()
    extended.post("/_mock/clock", json={"advance": 100})
    assert extended.get(f"{TASKS}/{task_id}").json() == first.json()
    assert extended.get("/api/v1/balance").json() == {
        "balance": 10,
        "held": 0,
        "currency": "USD",
    }


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (3, 409), (11, 409)])
def test_a_task_is_cancelled_only_in_the_states_that_the_dialect_names(
    make_client: MakeClient, tmp_path: Path, seconds: int, status: int
) -> None:
    folder = switched_on(tmp_path, cancel={"states": ["queued"]})
    client = make_client(progress="manual", schemas=(folder,))
    task_id = submitted(client)
    client.post("/_mock/clock", json={"advance": seconds})
    before = client.get(f"{TASKS}/{task_id}").json()
    answer = cancelled(client, task_id)
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["error"]["code"] == "task_not_cancellable"
        assert "while it is queued" in answer.json()["error"]["message"]
        assert client.get(f"{TASKS}/{task_id}").json() == before


def test_a_second_cancel_is_refused_where_the_dialect_says_so(
    make_client: MakeClient, tmp_path: Path
) -> None:
    folder = switched_on(tmp_path, cancel={"again": False})
    client = make_client(progress="manual", schemas=(folder,))
    task_id = submitted(client)
    assert [cancelled(client, task_id).status_code for _ in range(2)] == [200, 409]


def test_another_worlds_task_is_neither_cancelled_nor_listed(extended: TestClient) -> None:
    task_id = submitted(extended)
    other = {"Authorization": "Bearer mv_test_other"}
    refused = extended.post(f"{TASKS}/{task_id}/cancel", headers=other)
    assert refused.json()["error"]["code"] == "task_not_found"
    assert extended.get(TASKS, headers=other).json()["tasks"] == []
    assert extended.get(f"{TASKS}/{task_id}").json()["status"] == "queued"


@pytest.mark.parametrize("path", ["/api/v1/balance", "/api/v1/models", TASKS])
def test_a_key_is_needed_and_quotas_and_scripts_apply(extended: TestClient, path: str) -> None:
    assert extended.get(path, headers={"Authorization": ""}).status_code == 401
    extended.post("/_mock/scripts", json={"script": f"status=503; path={path}; method=GET"})
    assert extended.get(path).status_code == 503
    assert extended.post(TASKS, json=example()).status_code == 200
    scripted = extended.get(path, headers={"X-Mock-Script": "status=500"})
    assert scripted.status_code == 500
    extended.delete("/_mock/scripts")
    extended.post("/_mock/limits", json={"quotas": ["1/60"]})
    assert extended.get(path).status_code == 200
    assert extended.get(path).status_code == 429
    noted = extended.get("/_mock/requests").json()["requests"]
    assert [each["status"] for each in noted if each["path"] == path][-2:] == [200, 429]


def test_a_script_for_a_path_that_no_extension_has_is_refused_as_ever(client: TestClient) -> None:
    answer = client.post("/_mock/scripts", json={"script": "status=503; path=/api/v1/balance"})
    assert answer.status_code == 422
    with pytest.raises(ScriptError, match="no request has"):
        parse("status=503; method=DELETE")


def test_a_cancel_whose_answer_is_lost_was_carried_out(extended: TestClient) -> None:
    task_id = submitted(extended)
    with pytest.raises(Exception):  # noqa: B017, PT011 - the client's own, for a lost connection
        extended.post(
            f"{TASKS}/{task_id}/cancel", headers={"X-Mock-Script": "drop@after-commit"}
        ).raise_for_status()
    assert extended.get(f"{TASKS}/{task_id}").json()["status"] == "cancelled"


def test_an_event_stream_tells_of_a_cancel(extended: TestClient) -> None:
    task_id = submitted(extended)
    cancelled(extended, task_id)
    listed = extended.get(f"{TASKS}/{task_id}/events", headers={"Accept": "application/json"})
    assert [each["type"] for each in listed.json()["events"]] == ["task.queued", "task.cancelled"]


@given(
    count=st.integers(0, 7),
    size=st.integers(1, 8),
    fate=st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_pages_hold_each_task_once_the_newest_first(
    tmp_path_factory: pytest.TempPathFactory, count: int, size: int, fate: list[bool]
) -> None:
    folder = switched_on(tmp_path_factory.mktemp("dialect"))
    client = client_of(create_app(Settings(progress="manual", schemas=(folder,))))
    made = [submitted(client) for _ in range(count)]
    for task_id, ends in zip(made, fate, strict=False):
        if ends:
            cancelled(client, task_id)
    for query, wanted in (
        ("", made),
        ("&status=queued", [each for each, ends in zip(made, fate, strict=False) if not ends]),
        ("&model=none", []),
    ):
        found: list[str] = []
        page, more = 1, True
        while more:
            answer = client.get(f"{TASKS}?page={page}&page_size={size}{query}").json()
            assert answer["total"] == len(wanted)
            found += [each["task_id"] for each in answer["tasks"]]
            page, more = page + 1, answer["has_more"]
        assert found == wanted[::-1]


def test_pages_follow_a_task_where_the_dialect_asks_for_its_id(
    make_client: MakeClient, tmp_path: Path
) -> None:
    client = make_client(progress="manual", schemas=(folder_for("extensions elsewhere", tmp_path),))
    made = [submitted(client) for _ in range(5)]
    first = client.get(TASKS).json()
    submitted(client)
    second = client.get(TASKS, params={"after": first["last_id"]}).json()
    third = client.get(TASKS, params={"after": second["last_id"]}).json()
    assert client.get(TASKS, params={"after": "none"}).status_code == 404
    found = [each["task_id"] for page in (first, second, third) for each in page["data"]]
    assert found == made[::-1]
    assert [first["has_more"], second["has_more"], third["has_more"]] == [True, True, False]


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=x", "page_size=101", "page_size="),
        *("status=SUCCEEDED", "page=1&page=2"),
        "&".join(f"a{number}=1" for number in range(100)),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(extended: TestClient, query: str) -> None:
    answer = extended.get(f"{TASKS}?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_request"


def test_a_parameter_that_is_not_known_is_advice(extended: TestClient) -> None:
    answer = extended.get(f"{TASKS}?limit=2")
    assert answer.status_code == 200
    assert "?limit= is not known" in answer.headers["X-Mock-Advice"]


def test_ended_tasks_leave_the_list_when_they_are_kept_no_longer(
    make_client: MakeClient, tmp_path: Path
) -> None:
    patch = {"extensions": {"list": {"on": True}}, "lifetimes": {"tasks": 60}}
    client = make_client(progress="manual", schemas=(with_patch(patch, tmp_path),))
    submitted(client)
    stays = submitted(client, **STUCK)
    client.post("/_mock/clock", json={"advance": 100})
    assert [each["task_id"] for each in client.get(TASKS).json()["tasks"]] == [stays]


@pytest.mark.parametrize("name", ["extensions", "extensions elsewhere", "model-studio"])
def test_answers_and_refusals_are_as_the_document_says(
    make_client: MakeClient, tmp_path: Path, name: str
) -> None:
    folder = folder_for(name, tmp_path)
    client = make_client(progress="manual", schemas=(folder,))
    document = client.get("/_mock/openapi.json").json()
    judged, known = Contract(document), load((folder,)).dialect.extensions
    assert known
    operations = {
        (method, path): operation["operationId"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation["tags"] == ["Extensions"]
    }
    assert operations.keys() == {(each.methods[0].lower(), each.path) for each in known}
    for (method, path), operation in operations.items():
        client.post(TASKS, json=example())
        task_id = client.get("/_mock/tasks").json()["tasks"][-1]["task_id"]
        at = path.replace("{task_id}", task_id)
        for answer in (
            client.request(method, at),
            client.request(method, at, headers={"Authorization": ""}),
            client.request(method, at, headers={"X-Mock-Script": "status=503"}),
            client.post("/_mock/clock", json={"advance": 99}) and client.request(method, at),
            client.request(method, path.replace("{task_id}", "none")),
        ):
            assert judged.check(operation, answer) == []


def test_the_list_of_models_is_of_those_that_can_be_ordered(
    make_client: MakeClient, tmp_path: Path
) -> None:
    folder = switched_on(tmp_path)
    for offered in ((), ("all",)):
        client = make_client(schemas=(folder,), models=offered)
        listed = [each["id"] for each in client.get("/api/v1/models").json()["models"]]
        assert listed == list(load((folder,), models=offered).models)
        assert (len(listed) > 1) == bool(offered)


def test_the_vendors_document_has_no_extension(tmp_path: Path) -> None:
    from mock_mindvideo.web.openapi import openapi  # noqa: PLC0415 - one test needs it

    catalog = load((switched_on(tmp_path),))
    document = json.dumps(openapi(catalog, "https://x", vendor=True))
    assert "cancelTask" not in document
    assert "balance" not in document


def test_a_preflight_and_a_refused_method_name_what_the_dialect_adds(
    make_client: MakeClient, tmp_path: Path
) -> None:
    client = make_client(schemas=(folder_for("extensions elsewhere", tmp_path),))
    asked = {"Origin": "http://localhost:1", "Access-Control-Request-Method": "DELETE"}
    allowed = client.options(f"{TASKS}/x", headers=asked).headers["Access-Control-Allow-Methods"]
    assert "DELETE" in allowed
    assert client.put(f"{TASKS}/x").headers["Allow"] == "GET, HEAD, DELETE"


@pytest.mark.parametrize(
    ("name", "changes", "pointer"),
    [
        ("balance", {"path": "/v1/balance"}, "/extensions/balance/path"),
        ("balance", {"path": "/api/v1/tasks/balance"}, "/extensions/balance/path"),
        ("models", {"path": "/api/v1/balance"}, "/extensions/models/path"),
        ("cancel", {"path": "/api/v1/cancel"}, "/extensions/cancel/path"),
        ("cancel", {"states": ["waiting"]}, "/extensions/cancel/states/0"),
        ("list", {"size": 200}, "/extensions/list/size"),
        ("list", {"body": {"data": "{videos}"}}, "/extensions/list/body/data"),
        ("list", {"colour": 1}, "/extensions/list"),
    ],
)
def test_an_extension_that_cannot_work_is_refused_by_its_place(
    tmp_path: Path, name: str, changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(CatalogError) as refused:
        load((switched_on(tmp_path, **{name: changes}),))
    assert refused.value.pointer.startswith(pointer)


def test_the_contract_of_each_that_is_on_is_kept(tmp_path: Path) -> None:
    from mock_mindvideo.checking.targets import (  # noqa: PLC0415 - one test needs it
        make_job,
        open_target,
        shipped_contracts,
    )
    from mock_mindvideo.contract.verify import choose, verify  # noqa: PLC0415

    folders = (switched_on(tmp_path),)
    catalog = load(folders)
    due = choose(shipped_contracts((), catalog.dialect.extensions)[-len(ASKED) :])
    with open_target(None, schemas=folders) as target:
        report = verify(make_job(due, catalog, target, budget=Decimal(0)), target.transport)
    assert {each.status for each in report.outcomes} == {"kept"}
    assert {fact for each in report.outcomes for fact in each.proves} == {
        "E01",
        "E02",
        "E03",
        "E04",
    }
