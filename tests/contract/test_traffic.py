"""Recorded traffic that speaks the contract passes; each fault in it is found, and nothing else."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from tests.conftest import example
from tests.contract.planted_faults import (
    FAULTS,
    POLL_1,
    REPLAY,
    SECOND,
    assert_found,
    check,
    write,
)
from tests.contract.running import in_process
from tests.contract.traffic import Client, har, header, planted
from tests.npm import npm_folder


@pytest.fixture(scope="module")
def clean() -> Any:
    """A recording of a client that does everything right."""
    with in_process() as server:
        client = Client(server)
        client.play()
    return har(client.done)


def test_a_clean_recording_passes(clean: Any, tmp_path: Path) -> None:
    done = check(write(tmp_path, clean), "--strict")
    assert done.exit_code == 0, done.output
    assert "9 exchanges, 0 errors, 0 warnings" in done.output


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_and_nothing_else(
    clean: Any, tmp_path: Path, name: str
) -> None:
    if name == "a retry under another key":
        clean = planted(clean, REPLAY, header("idempotency-key", "order-1-again"))
    assert_found(clean, tmp_path, name)


def test_several_faults_are_told_each_at_its_entry(clean: Any, tmp_path: Path) -> None:
    changed = planted(clean, SECOND, FAULTS["too long"][1])
    changed = planted(changed, POLL_1, FAULTS["another state"][1])
    done = check(write(tmp_path, changed))
    assert done.exit_code == 1
    assert (
        f"entry {SECOND}: error: request: /log/entries/{SECOND}/request/postData/text"
        in done.output
    )
    assert (
        f"entry {POLL_1}: error: answer: /log/entries/{POLL_1}/response/content/text" in done.output
    )


def test_a_journal_of_the_mock_is_checked_too(tmp_path: Path) -> None:
    with MockServer(Settings(port=0, progress="polls", log_level="critical")) as server:
        client = httpx2.Client(
            base_url=server.url, headers={"Authorization": "Bearer mv_live_xxx"}, timeout=60
        )
        good = client.post("/api/v1/tasks", json=example(), headers={"Idempotency-Key": "a"}).json()
        client.get(f"/api/v1/tasks/{good['task_id']}")
        with client.stream("GET", f"/api/v1/tasks/{good['task_id']}/events") as stream:
            stream.read()
        client.post("/api/v1/tasks", json=example(duration=99), headers={"Idempotency-Key": "b"})
        journal = client.get("/_mock/requests").json()
        client.close()
    file = write(tmp_path, journal)
    report = json.loads(check(file, "--json").stdout)["files"][0]
    assert report["exchanges"] == 4
    assert [(each["entry"], each["pointer"], each["side"]) for each in report["faults"]] == [
        (3, "/requests/3/body", "request")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is neither a HAR file nor a journal"),
        ('{"log": {}}', "/log/entries: must be a list"),
        ('{"log": {"entries": []}}', "no exchange with the API is in it"),
        ('{"log": {"entries": [{}]}}', "/log/entries/0: cannot be read as an exchange"),
        ('{"log": {"entries": [7]}}', "/log/entries/0: cannot be read as an exchange"),
        ('{"format": "mock-mindvideo-journal/2", "requests": []}', "is neither a HAR file nor"),
    ],
)
def test_what_cannot_be_checked_ends_with_2(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.har"
    file.write_text(text)
    done = check(file)
    assert done.exit_code == 2
    assert f"{file}" in done.output
    assert words in done.output


CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
PLAYWRIGHT = "playwright-core@1.49.1"

SCRIPT = """
const { chromium } = require('playwright-core');
const [url, out, browserPath, body, other] = process.argv.slice(2);
(async () => {
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ recordHar: { path: out, content: 'embed' } });
  const page = await context.newPage();
  await page.goto(url + '/_mock/health');
  await page.evaluate(async ([body, other]) => {
    const auth = { Authorization: 'Bearer mv_live_xxx' };
    const ask = async (method, path, headers, body) => {
      const answer = await fetch(path, { method, headers: { ...auth, ...headers }, body });
      const text = await answer.text();
      try { return JSON.parse(text); } catch { return text; }
    };
    const json = { 'Content-Type': 'application/json' };
    const tasks = '/api/v1/tasks';
    const one = await ask('POST', tasks, { ...json, 'Idempotency-Key': 'order-1' }, body);
    const path = tasks + '/' + one.task_id;
    for (let i = 0; i < 3; i++) await ask('GET', path, { Accept: 'application/json' });
    await ask('GET', path + '/events', { Accept: 'application/json' });
    await ask('GET', path + '/events', { Accept: 'text/event-stream' });
    await ask('POST', tasks, { ...json, 'Idempotency-Key': 'order-1' }, body);
    await ask('POST', tasks, { ...json, 'Idempotency-Key': 'order-2' }, other);
    await ask('GET', tasks + '/task_none', {});
  }, [body, other]);
  await context.close();
  await browser.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What headless Chromium recorded while a page used the mock."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so nothing can be recorded")
    folder = npm_folder(PLAYWRIGHT)
    out = tmp_path_factory.mktemp("har") / "chromium.har"
    (folder / "record.cjs").write_text(SCRIPT)
    bodies = [json.dumps(example()), json.dumps(example(duration=3, resolution="720P"))]
    with MockServer(Settings(port=0, progress="polls", log_level="critical")) as server:
        command = ["node", str(folder / "record.cjs"), server.url, str(out), CHROMIUM, *bodies]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    return json.loads(out.read_text())


def api_only(recording: Any) -> Any:
    """The recording without the page itself, so that entries have the numbers above."""
    entries = [e for e in recording["log"]["entries"] if "/api/v1/tasks" in e["request"]["url"]]
    entries = [e for e in entries if e["request"]["method"] != "OPTIONS"]
    return {"log": {**recording["log"], "entries": entries}}


@pytest.mark.slow
def test_what_chromium_recorded_passes(recorded: Any, tmp_path: Path) -> None:
    assert len(recorded["log"]["entries"]) > len(api_only(recorded)["log"]["entries"])
    done = check(write(tmp_path, recorded), "--strict")
    assert done.exit_code == 0, done.output
    assert "9 exchanges, 0 errors, 0 warnings" in done.output


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_faults_planted_into_what_chromium_recorded_are_found(
    recorded: Any, tmp_path: Path, name: str
) -> None:
    recording = api_only(recorded)
    if name == "a retry under another key":
        recording = planted(recording, REPLAY, header("idempotency-key", "order-1-again"))
    assert_found(recording, tmp_path, name)
