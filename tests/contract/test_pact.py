"""Consumer files, ours and those of the npm Pact library, verify against the mock."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.contract.pact import PactVersion, consumer_pact, write_pact
from mock_mindvideo.contract.traffic.reading import read_recording
from tests.conftest import example
from tests.npm import npm_folder

NPM_PACT = "@pact-foundation/pact@16.5.0"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No usage data leaves a test run."""
    monkeypatch.setenv("PACT_DO_NOT_TRACK", "true")


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    settings = Settings(port=0, progress="polls", log_level="critical")
    with MockServer(settings) as running:
        yield running


def journal(folder: Path, server: MockServer) -> Path:
    """What a test of an application leaves behind: every kind of answer once."""
    auth = {"Authorization": "Bearer mv_test_pact"}
    with httpx2.Client(base_url=server.url, headers=auth) as client:
        client.post("/_mock/reset")
        tasks = "/api/v1/tasks"
        key = {"Idempotency-Key": "pact-1"}
        one = client.post(tasks, json=example(), headers=key).json()["task_id"]
        for _ in range(3):
            client.get(f"{tasks}/{one}")
        client.get(f"{tasks}/{one}/events", headers={"Accept": "application/json"})
        client.post(tasks, json=example(), headers=key)
        client.post(tasks, json=example(duration=7), headers=key)
        client.post(tasks, json=example(duration=99))
        client.get(f"{tasks}/task_none", params={"page": ["1", "2"], "empty": ""})
        failing = {"X-Mock-Script": "outcome=failed; error=content_policy"}
        failed = client.post(tasks, json=example(), headers=failing).json()["task_id"]
        for _ in range(3):
            client.get(f"{tasks}/{failed}")
        client.post("/_mock/credit", json={"credit": "0.1"})
        client.post(tasks, json=example())
        requests = client.get("/_mock/requests").json()["requests"]
    file = folder / "journal.json"
    file.write_text(json.dumps({"format": "mock-mindvideo-journal/1", "requests": requests}))
    return file


def ours(folder: Path, server: MockServer, specification: PactVersion) -> dict[str, Any]:
    entries = read_recording(journal(folder, server))
    return consumer_pact({"test_everything": entries}, "example-app", specification)


@pytest.mark.parametrize("specification", ["3.0.0", "4.0"])
def test_a_query_is_part_of_the_request(
    tmp_path: Path, server: MockServer, specification: PactVersion
) -> None:
    requests = [each["request"] for each in ours(tmp_path, server, specification)["interactions"]]
    asked = [each["query"] for each in requests if "query" in each]
    assert asked == [{"page": ["1", "2"], "empty": [""]}]


def verify(file: Path, url: str) -> None:
    """As the docs tell: the standard verifier, with the control plane for its states."""
    pact = pytest.importorskip("pact", reason="pact-python is not installed")
    (
        pact.Verifier("MindVideo", host="127.0.0.1")
        .add_transport(url=url)
        .add_source(file)
        .state_handler(f"{url}/_mock/provider-states", teardown=True, body=True)
        .verify()
    )


@pytest.mark.slow
@pytest.mark.parametrize("specification", ["3.0.0", "4.0"])
def test_a_pact_from_a_journal_verifies(
    server: MockServer, tmp_path: Path, specification: PactVersion
) -> None:
    written = ours(tmp_path, server, specification)
    assert len(written["interactions"]) == 14
    verify(write_pact(written, tmp_path / "pacts"), server.url)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["status", "cost_estimate"])
def test_a_pact_that_expects_something_else_does_not(
    server: MockServer, tmp_path: Path, what: str
) -> None:
    written = copy.deepcopy(ours(tmp_path, server, "3.0.0"))
    written["interactions"][1]["response"]["body"][what] = "other"
    with pytest.raises(RuntimeError):
        verify(write_pact(written, tmp_path / "pacts"), server.url)


def test_an_interaction_names_its_state_and_leaves_the_id_to_it(
    server: MockServer, tmp_path: Path
) -> None:
    written = ours(tmp_path, server, "3.0.0")
    poll = written["interactions"][3]
    assert poll["providerStates"] == [{"name": "a task", "params": {"status": "succeeded"}}]
    assert poll["request"]["generators"]["path"]["expression"] == "/api/v1/tasks/${task_id}"
    assert poll["response"]["body"]["cost_actual"] == 0.6165
    rules = poll["response"]["matchingRules"]["body"]
    assert set(rules) == {"$.request_id", "$.task_id", "$.output.videos[0].url"}
    states = [each["providerStates"][0]["name"] for each in written["interactions"]]
    assert {"a used idempotency key", "a key without credit"} <= set(states)


def test_no_key_stands_in_a_pact_but_the_documented_one(server: MockServer, tmp_path: Path) -> None:
    text = json.dumps(ours(tmp_path, server, "4.0"))
    assert "mv_live_xxx" in text
    assert "mv_test_" not in text


def test_disturbed_answers_and_streams_are_left_out(server: MockServer, tmp_path: Path) -> None:
    with httpx2.Client(base_url=server.url, headers={"Authorization": "Bearer mv_test_odd"}) as c:
        one = c.post("/api/v1/tasks", json=example()).json()["task_id"]
        c.get(f"/api/v1/tasks/{one}", headers={"X-Mock-Script": "status=503"})
        c.get(f"/api/v1/tasks/{one}/events")
        requests = c.get("/_mock/requests").json()["requests"]
    file = tmp_path / "j.json"
    file.write_text(json.dumps({"format": "mock-mindvideo-journal/1", "requests": requests}))
    written = consumer_pact({"t": read_recording(file)}, "app")
    assert [each["request"]["method"] for each in written["interactions"]] == ["POST"]


@pytest.mark.parametrize("status", ["queued", "processing", "succeeded", "failed", "cancelled"])
def test_a_state_makes_a_task_and_says_its_id(client: TestClient, status: str) -> None:
    asked = {"state": "a task", "params": {"status": status}, "action": "setup"}
    made = client.post("/_mock/provider-states", json=asked).json()
    shown = client.get(f"/api/v1/tasks/{made['task_id']}").json()
    assert (shown["status"], shown["request_id"]) == (status, made["request_id"])


def test_credit_comes_back_when_the_state_is_taken_down(client: TestClient) -> None:
    state = {"state": "a key without credit"}
    client.post("/_mock/provider-states", json=state | {"action": "setup"})
    assert client.post("/api/v1/tasks", json=example()).status_code == 402
    client.post("/_mock/provider-states", json=state | {"action": "teardown"})
    assert client.post("/api/v1/tasks", json=example()).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"state": "a unicorn"}, "no provider state 'a unicorn'; there are"),
        ({"state": "a task", "params": {"status": "flying"}}, "/params/status: must be queued"),
        ({}, "'state' is required"),
    ],
)
def test_an_unknown_state_is_refused(client: TestClient, body: Any, words: str) -> None:
    refused = client.post("/_mock/provider-states", json=body)
    assert refused.status_code == 422
    assert words in refused.json()["error"]["message"]


SUITE = """
import httpx

INPUT = {"prompt": "x", "video_urls": ["https://example.com/a.mp4"]}

def test_submit(mindvideo):
    tasks = f"{mindvideo.base_url}/api/v1/tasks"
    auth = {"Authorization": f"Bearer {mindvideo.api_key}"}
    body = {"model": "wan2-7-r2v", "input": INPUT}
    one = httpx.post(tasks, json=body, headers=auth).json()["task_id"]
    httpx.get(f"{tasks}/{one}", headers=auth)
"""


@pytest.mark.slow
def test_a_pact_of_the_plugin_verifies(server: MockServer, tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    subprocess.run(
        [*command, "--rootdir", str(tmp_path), "--mindvideo-pact", str(tmp_path / "pacts")],
        cwd=tmp_path, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (file,) = (tmp_path / "pacts").iterdir()
    written = json.loads(file.read_text())
    assert [each["request"]["method"] for each in written["interactions"]] == ["POST", "GET"]
    verify(file, server.url)


@pytest.mark.parametrize("place", ["a file", "a folder in the way"])
def test_a_pact_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, place: str) -> None:
    (tmp_path / "test_app.py").write_text(SUITE)
    pacts = tmp_path / "pacts"
    if place == "a file":
        pacts.touch()
    else:
        (pacts / f"{tmp_path.name}-MindVideo.json").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), "-p", "no:cacheprovider",
         "-p", "mock_mindvideo.pytest_plugin", "--mindvideo-pact", str(pacts)],
        cwd=tmp_path, check=False, capture_output=True, text=True, timeout=300,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode, said.count("--mindvideo-pact: "), "Traceback" in said) == (4, 1, False)


SCRIPT = """
const { PactV3, MatchersV3 } = require('@pact-foundation/pact');
const { like, regex, fromProviderState } = MatchersV3;
const [dir, example] = process.argv.slice(2);
const pact = new PactV3({ consumer: 'npm-app', provider: 'MindVideo', dir, logLevel: 'error' });
const auth = { Authorization: 'Bearer mv_live_xxx' };
const task = { request_id: regex('^req_.+$', 'req_1'), task_id: regex('^task_.+$', 'task_1') };
pact
  .given('a key with credit')
  .uponReceiving('a submit')
  .withRequest({
    method: 'POST', path: '/api/v1/tasks',
    headers: { ...auth, 'Content-Type': 'application/json' }, body: JSON.parse(example),
  })
  .willRespondWith({
    status: 200, headers: { 'Content-Type': 'application/json' },
    body: { ...task, status: 'queued', cost_estimate: 0.6165 },
  })
  .given('a task', { status: 'succeeded' })
  .uponReceiving('a look at a task that succeeded')
  .withRequest({
    method: 'GET', headers: auth,
    path: fromProviderState('/api/v1/tasks/${task_id}', '/api/v1/tasks/task_1'),
  })
  .willRespondWith({
    status: 200,
    body: {
      ...task, status: 'succeeded', cost_estimate: 0.6165, cost_actual: 0.6165,
      output: { videos: [{ url: like('https://example.com/output/demo.mp4') }] },
    },
  });
pact.executeTest(async (server) => {
  const json = { ...auth, 'Content-Type': 'application/json' };
  await fetch(server.url + '/api/v1/tasks', { method: 'POST', headers: json, body: example });
  await fetch(server.url + '/api/v1/tasks/task_1', { headers: auth });
}).catch(error => { console.error(error); process.exit(1); });
"""


@pytest.mark.slow
def test_a_pact_of_the_npm_library_verifies(server: MockServer, tmp_path: Path) -> None:
    folder = npm_folder(NPM_PACT)
    (folder / "consumer.cjs").write_text(SCRIPT)
    command = ["node", str(folder / "consumer.cjs"), str(tmp_path), json.dumps(example())]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    verify(next(tmp_path.glob("*.json")), server.url)
