"""The document of the control plane says what it takes and answers: all of it, and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
import yaml
from click.testing import CliRunner
from starlette.testclient import TestClient

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.cli.documents import openapi
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.web.control.document import control_document
from mock_mindvideo.web.index import ABOUT
from tests.conftest import TASKS, MakeClient, example
from tests.openapi.contract import Contract
from tests.openapi.test_lint import problems, redocly

__all__ = ["redocly"]

CONTRACTS = data_folder("contracts")

#: What Schemathesis cannot know: scripts and quotas have a grammar, provider states are words.
CONFIGURATION = """
[warnings]
fail-on = ["missing_auth", "missing_deserializer", "method_not_allowed"]

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "404", "409"]

[[operations]]
include-name = "POST /_mock/scripts"
checks.positive_data_acceptance.expected-statuses = ["2xx", "422"]

[[operations]]
include-name = "POST /_mock/limits"
checks.positive_data_acceptance.expected-statuses = ["2xx", "422"]

[[operations]]
include-name = "POST /_mock/provider-states"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "404", "409", "422"]
"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(json.loads(orjson.dumps(control_document(builtin_catalog(), "http://mock"))))


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(progress="manual")


def test_every_path_of_the_control_plane_is_in_it_but_the_page(contract: Contract) -> None:
    documented = {
        (operation.get("x-fidelity") is not None, f"{method.upper()} {path}")
        for path, method, operation in contract.operations()
    }
    moves = ("start", "succeed", "fail", "cancel")
    rows = {
        f"{method} /_mock{path}".rstrip("/")
        for method, path in ABOUT
        if not path.startswith("/ui") and not path.endswith("/{move}")
    }
    rows |= {f"POST /_mock/tasks/{{task_id}}/{move}" for move in moves}
    assert documented == {(True, row) for row in rows}


def test_what_contracts_need_of_the_control_plane_is_in_it(contract: Contract) -> None:
    needed = yaml.safe_load((CONTRACTS / "control.openapi.yaml").read_text())["paths"]
    paths = contract.document["paths"]
    for path, item in needed.items():
        assert set(item) - {"parameters"} <= set(paths[path]), path


def test_the_command_prints_it_for_a_server_of_this_machine() -> None:
    printed = CliRunner().invoke(openapi, ["--control"])
    assert printed.exit_code == 0
    document = json.loads(printed.output)
    assert document["servers"] == [{"url": "http://127.0.0.1:8080"}]
    assert "/_mock/clock" in document["paths"]
    refused = CliRunner().invoke(openapi, ["--control", "--vendor-only"])
    assert refused.exit_code == 2
    assert "cannot be combined" in refused.output


def test_agrees_with_the_schema_of_openapi(contract: Contract) -> None:
    pytest.importorskip("openapi_spec_validator").validate(contract.document)


Asked = Iterator[tuple[str, httpx2.Response]]

PNG = {"Content-Type": "image/png"}

#: Requests to every other operation than those of tasks and keys, some of which are refused.
OTHERS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("showClock", "GET", "/clock", {}),
    ("listScripts", "GET", "/scripts", {}),
    ("clearScripts", "DELETE", "/scripts", {}),
    ("addScript", "POST", "/scripts", {"content": "{"}),
    ("listRequests", "GET", "/requests", {}),
    ("listDeliveries", "GET", "/deliveries", {}),
    ("followChanges", "GET", "/changes?follow=0", {}),
    ("uploadFile", "POST", "/uploads", {"content": b"x", "headers": PNG}),
    ("uploadFile", "POST", "/uploads", {"files": {"file": ("x.png", b"x", "image/png")}}),
    ("uploadFile", "POST", "/uploads", {"content": b"x", "headers": {"Content-Type": "text/html"}}),
    ("showLedger", "GET", "/ledger", {}),
    ("setCredit", "POST", "/credit", {"json": {"credit": "9.5"}}),
    ("setCredit", "POST", "/credit", {"json": {"credit": None}}),
    ("setCredit", "POST", "/credit", {"json": {"credit": -1}}),
    ("estimate", "POST", "/estimate", {"json": example()}),
    ("estimate", "POST", "/estimate", {"json": example(prompt="")}),
    ("estimate", "POST", "/estimate", {"content": b"{"}),
    ("listWorlds", "GET", "/worlds", {}),
    ("showLimits", "GET", "/limits", {}),
    ("setLimits", "POST", "/limits", {"json": {"in_flight": 2, "quotas": ["10/1", "tasks=5"]}}),
    ("setLimits", "POST", "/limits", {"json": {"quotas": ["ten"]}}),
    ("setLimits", "POST", "/limits", {"json": {"in_flight": None, "quotas": []}}),
    ("setUpState", "POST", "/provider-states", {"json": {"state": "a task"}}),
    ("setUpState", "POST", "/provider-states", {"json": {"state": "a unicorn"}}),
    ("index", "GET", "", {"headers": {"Origin": "https://evil.example"}}),
    ("index", "GET", "", {}),
    ("health", "GET", "/health", {}),
    ("metrics", "GET", "/metrics", {}),
    ("live", "GET", "/live", {}),
    ("ready", "GET", "/ready", {}),
    ("rules", "GET", "/rules", {}),
    ("listModels", "GET", "/models", {}),
    ("openapi", "GET", "/openapi.json", {}),
    ("controlOpenapi", "GET", "/control-openapi.json", {}),
    ("resetWorld", "POST", "/reset", {"json": {"seed": 7}}),
]


def asked(client: TestClient) -> Asked:
    """Each operation's id with its answer, in a world where there is something to tell."""
    yield from asked_of_tasks(client)
    yield from asked_of_keys(client)
    for operation, method, path, sent in OTHERS:
        yield operation, client.request(method, f"/_mock{path}", **sent)


def asked_of_tasks(client: TestClient) -> Asked:
    task = client.post(TASKS, json=example(), headers={"Idempotency-Key": "k"}).json()["task_id"]
    failing = {"X-Mock-Script": "outcome=failed; queued=0; processing=1"}
    failed = client.post(TASKS, json=example(), headers=failing).json()["task_id"]
    client.post(TASKS, json=example(prompt=""))
    yield "addScript", client.post("/_mock/scripts", json={"script": "cut=1; times=1"})
    yield "setClock", client.post("/_mock/clock", json={"advance": 3, "progress": "manual"})
    client.get(f"{TASKS}/{failed}/events", headers={"Accept": "text/event-stream"})
    for move in ("start", "succeed", "cancel"):
        yield f"{move}Task", client.post(f"/_mock/tasks/{task}/{move}")
    for move in ("start", "fail", "cancel"):
        other = client.post(TASKS, json=example()).json()["task_id"]
        yield f"{move}Task", client.post(f"/_mock/tasks/{other}/{move}", json={})
    yield "cutStreams", client.post(f"/_mock/tasks/{task}/cut")
    yield "listTasks", client.get("/_mock/tasks")
    yield "listTasks", client.get("/_mock/tasks?limit=0")
    yield "showTask", client.get(f"/_mock/tasks/{failed}")
    yield "showTask", client.get("/_mock/tasks/task_nobody")


def asked_of_keys(client: TestClient) -> Asked:
    made = client.post("/_mock/keys", json={})
    yield "addKey", made
    key = f"/_mock/keys/{made.json()['id']}"
    yield "setKey", client.patch(key, json={"disabled": True})
    yield "listKeys", client.get("/_mock/keys")
    yield "dropKey", client.delete(key)
    yield "setKey", client.patch(key, json={"disabled": True})


def test_every_operation_answers_as_the_document_has_it(
    contract: Contract, client: TestClient
) -> None:
    answered = set()
    for operation, answer in asked(client):
        assert contract.check(operation, answer) == [], (operation, answer.text[:300])
        if answer.is_success:
            answered.add(operation)
    assert answered == {each["operationId"] for _, _, each in contract.operations()}


def test_lists_that_it_checks_are_not_empty(client: TestClient) -> None:
    for operation, answer in asked(client):
        if answer.is_success and operation.startswith("list"):
            assert next(each for each in answer.json().values() if isinstance(each, list))


def test_a_wrong_method_is_told_every_method_of_the_path(client: TestClient) -> None:
    several = {"/keys/key_x": "PATCH, DELETE", "/scripts": "GET, POST, DELETE"}
    for path, methods in (several | {"/live": "GET", "/ready": "GET", "/estimate": "POST"}).items():
        refused = client.put(f"/_mock{path}")
        assert refused.status_code == 405
        assert set(refused.headers["allow"].split(", ")) - {"HEAD"} == set(methods.split(", "))


@pytest.mark.slow
def test_redocly_finds_nothing(redocly: Path, contract: Contract, tmp_path: Path) -> None:
    document = tmp_path / "control-openapi.json"
    document.write_bytes(orjson.dumps(contract.document))
    assert problems(redocly, document) == []


@pytest.mark.slow
def test_schemathesis_finds_nothing(server_url: str, tmp_path: Path) -> None:
    """All checks and phases. The feed of changes has no end, files are sent by the test above."""
    pytest.importorskip("schemathesis")
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    run = [sys.executable, "-m", "schemathesis.cli"]
    run += ["--config-file", str(tmp_path / "schemathesis.toml"), "run"]
    run += [f"{server_url}/_mock/control-openapi.json", "--checks", "all"]
    run += ["--exclude-path", "/_mock/changes", "--exclude-path", "/_mock/uploads"]
    run += ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "25"]
    run += ["--seed", "7", "--continue-on-failure", "--no-color"]
    done = subprocess.run(
        run,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
        cwd=tmp_path,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert DOCUMENTED_KEY not in done.stdout
