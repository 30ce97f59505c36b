"""`record`: what strangers' clients say through it is written down, guarded and masked."""

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.learning.har import HarExchange, HarMessage, entry_of
from tests.conftest import example
from tests.contract.honest import Honest, Ways, listening
from tests.learning.looping import learned_of

KEY = "mv_live_another"
PRICE = "0.6165"

Ask = Callable[..., tuple[int, Any]]


class Recording:
    """A running recorder: `ask` sends a request through it, `end` stops it and gives the file."""

    def __init__(self, target: str, folder: Path, spend: str) -> None:
        self.file = folder / "recording.har"
        words = ["record", "--base-url", target, "--max-spend", spend, "--port", "0"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mock_mindvideo", *words, "--out", str(self.file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.said = self._process.stdout.readline()
        self.url = self.said.split()[0] if self.said else ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer; with the key, if `headers` do not say otherwise."""
        sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | headers
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[str, list[Any]]:
        """What it said in the end, and the entries of its file."""
        self._process.send_signal(how)
        told, _ = self._process.communicate(timeout=120)
        assert self._process.returncode == 0
        return told, json.loads(self.file.read_text())["log"]["entries"]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@contextmanager
def recording(honest: Honest, folder: Path, spend: str = "1") -> Iterator[Recording]:
    with listening(honest) as target:
        recorder = Recording(target, folder, spend)
        try:
            yield recorder
        finally:
            recorder.close()


@pytest.mark.slow
def test_what_a_client_says_is_recorded_and_learned(tmp_path: Path) -> None:
    with recording(Honest(Ways(created=202, extras=True)), tmp_path) as recorder:
        status, task = recorder.ask("POST", "/api/v1/tasks", example())
        assert status == 202
        for _ in range(3):
            recorder.ask("GET", f"/api/v1/tasks/{task['task_id']}")
        told, entries = recorder.end()
    assert "4 exchanges; at most 0.6165 USD were spent" in told
    assert [each["response"]["status"] for each in entries] == [202, 200, 200, 200]
    places = {each.place: each.value for each in learned_of(recorder.file).proposals}
    assert places["platform/http.json#/answers/submit"] == 202
    assert "retries" in places["platform/http.json#/tasks/bodies/succeeded"]


@pytest.mark.slow
def test_what_could_cost_more_than_the_budget_is_not_sent(tmp_path: Path) -> None:
    honest = Honest()
    with recording(honest, tmp_path, spend="0.7") as recorder:
        assert recorder.ask("POST", "/api/v1/tasks", example())[0] == 200
        status, refusal = recorder.ask("POST", "/api/v1/tasks", example())
        assert status == 403
        assert f"could cost {PRICE} USD, and 0.0835 USD" in refusal["recorder"]["message"]
        unknown = example() | {"model": "unheard-of"}
        assert recorder.ask("POST", "/api/v1/tasks", unknown)[0] == 403
        assert recorder.ask("POST", "/api/v1/tasks?key=mv_live_x", example())[0] == 403
        assert recorder.ask("GET", "/api/v1/tasks/none")[0] == 404
        _, entries = recorder.end(signal.SIGTERM)
    assert len(honest.tasks) == 1
    assert [each["response"]["status"] for each in entries] == [200, 404]


@pytest.mark.slow
def test_a_request_without_a_key_is_sent_without_a_budget(tmp_path: Path) -> None:
    with recording(Honest(), tmp_path, spend="0") as recorder:
        nobody = {"Authorization": "Bearer mv_live_no_such_key"}
        assert recorder.ask("POST", "/api/v1/tasks", example(), **nobody)[0] == 401
        assert recorder.ask("POST", "/api/v1/tasks", example())[0] == 403
        told, entries = recorder.end()
    assert "at most 0 USD" in told
    assert len(entries) == 1


@pytest.mark.slow
def test_no_key_is_in_the_file_and_it_is_never_overwritten(tmp_path: Path) -> None:
    with recording(Honest(), tmp_path, spend="5") as recorder:
        recorder.ask("POST", "/api/v1/tasks", example(prompt=f"a cat, {KEY}"))
        recorder.ask("GET", f"/api/v1/tasks/x?api_key={KEY}&signature=abcdef", Cookie="session=1")
        recorder.end()
    text = recorder.file.read_text()
    for secret in (KEY, "abcdef", "session=1"):
        assert secret not in text
    again = Recording("http://127.0.0.1:9", tmp_path, "0")
    try:
        assert again.said == ""
    finally:
        again.close()
    assert recorder.file.read_text() == text


@pytest.mark.slow
def test_requests_go_to_the_one_host_and_redirects_are_passed_on(tmp_path: Path) -> None:
    came: list[str] = []

    class Leads(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.headers["Host"])
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Leads) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        target = f"http://127.0.0.1:{server.server_address[1]}"
        recorder = Recording(target, tmp_path, "0")
        try:
            opener = urllib.request.build_opener(_Stays)
            asked = urllib.request.Request(
                f"{recorder.url}/api/v1/tasks/a", headers={"Host": "evil.example"}
            )
            with pytest.raises(urllib.error.HTTPError) as led, opener.open(asked, timeout=120):
                pass
            led.value.close()
            _, entries = recorder.end()
        finally:
            recorder.close()
            server.shutdown()
            thread.join()
    assert led.value.code == 302
    assert came == [target.partition("//")[2]]
    assert entries[0]["response"]["redirectURL"] == "http://127.0.0.1:9/elsewhere"


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Do not go there."""


def test_an_entry_masks_a_token_of_any_form_wherever_it_stands() -> None:
    token = "sk-proj-0123456789"
    request = HarMessage((("authorization", f"Bearer {token}"), ("x-api-key", "another")), b"{}")
    answer = HarMessage((("set-cookie", "a=b"),), json.dumps({"echo": token}).encode())
    entry = entry_of(
        HarExchange("POST", f"https://a.b/c?token={token}", request, 200, answer, 0, 1)
    )
    said = json.dumps(entry)
    for secret in (token, "another", "a=b"):
        assert secret not in said
    assert entry["response"]["content"]["text"] == '{"echo": "…89"}'


def test_bytes_that_are_no_text_are_kept_as_base64() -> None:
    answer = HarMessage((("content-type", "video/mp4"),), b"\xff\x00")
    entry = entry_of(HarExchange("GET", "https://a.b/c", HarMessage((), b""), 200, answer, 0, 1))
    assert entry["response"]["content"]["encoding"] == "base64"
    assert entry["response"]["content"]["text"] == "/wA="
    assert entry["startedDateTime"] == "1970-01-01T00:00:00.000Z"
    assert entry["time"] == 1000
