"""`serve` as a process: what it prints, and how it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mock_mindvideo.settings import Settings

COMMAND = (sys.executable, "-m", "mock_mindvideo", "serve")

#: A key that nobody but this test knows.
SECRET = "mv_test_" + "s3cret" * 4
AUTH = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}


class Running:
    """A server process that has said where it listens."""

    def __init__(self, *arguments, **environ):
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": ""} | environ,
            text=True,
            encoding="utf-8",
        )
        self.first = self.process.stdout.readline()
        self.url = self.first.split()[-1] if self.first else ""

    def connect(self):
        return closing(HTTPConnection(urlsplit(self.url).netloc, timeout=60))

    def ask(self, method, path, body=None):
        with self.connect() as connection:
            connection.request(method, path, body, AUTH)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def stop(self):
        """Press Ctrl-C; what is left on stdout and stderr, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=Settings().drain_timeout + 60)
        return out, err, self.process.returncode


@pytest.fixture
def running():
    started = []

    def start(*arguments, **environ):
        started.append(Running(*arguments, **environ))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


def test_serve_prints_its_address_then_the_key_then_a_curl_that_works_when_pasted(running):
    server = running("--log-level", "warning")
    assert re.fullmatch(
        r"mock-mindvideo listening on http://127\.0\.0\.1:[0-9]{2,5}\n", server.first
    )
    page, key, empty = (server.process.stdout.readline() for _ in range(3))
    assert (
        page
        == f"Page: {server.first.split()[-1]}/   API reference: {server.first.split()[-1]}/docs\n"
    )
    assert key == "API key: mv_live_xxx   (or any mv_test_<name>, for a world of its own)\n"
    assert empty == "\n"
    lines = []
    while (line := server.process.stdout.readline()).strip():
        lines.append(line)

    pasted = subprocess.run(
        ["bash", "-c", "".join(lines)], capture_output=True, text=True, timeout=300, check=True
    )
    assert re.match(
        r'\{"request_id":"req_[0-9a-z]+","task_id":"task_[0-9a-z]+","status":"queued",'
        r'"cost_estimate":0\.6165\}',
        pasted.stdout,
    )
    assert server.stop()[0] == ""


def test_without_the_extra_media_it_says_that_clips_are_placeholders(running, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['av'] = None\n")
    server = running(PYTHONPATH=str(tmp_path))
    for _ in ("the page", "the key"):
        server.process.stdout.readline()

    assert server.process.stdout.readline().startswith("Clips: placeholders of two seconds")


def test_serve_opens_the_page_in_a_browser_if_it_is_told_to(running, tmp_path):
    browser, asked = tmp_path / "browser", tmp_path / "asked"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}.part && mv {asked}.part {asked}\n')
    browser.chmod(0o755)
    server = running("--open", BROWSER=f"{browser} %s")

    until = time.monotonic() + 30
    while not asked.exists() and time.monotonic() < until:
        server.ask("GET", "/_mock/health")
    assert asked.read_text() == f"{server.first.split()[-1]}/\n"


def test_a_reader_of_the_first_line_may_leave_after_it(running):
    server = running()
    server.process.stdout.close()

    assert server.ask("GET", "/_mock/health")[0] == 200


def test_connections_are_answered_as_soon_as_the_line_is_there(running):
    server = running()

    assert server.ask("GET", "/_mock/health")[0] == 200


def test_the_log_goes_to_stderr_with_keys_masked(running):
    server = running("--log-level", "debug")
    assert server.ask("GET", "/api/v1/tasks/task_1")[0] == 404
    assert server.ask("GET", f"/api/v1/tasks/{SECRET}")[0] == 404
    assert server.ask("POST", "/api/v1/tasks", f'{{"model":"{SECRET}","input":{{}}}}')[0] == 404
    assert server.ask("GET", f"/elsewhere?key={SECRET}")[0] == 404

    out, err, _ = server.stop()
    assert "GET /api/v1/tasks/task_1 404 task_not_found" in err
    assert "GET" not in out
    assert SECRET not in out + err


BODY = '{"model":"wan2-7-r2v","input":{"prompt":"x","video_urls":["https://example.com/x.mp4"]}}'


def logged(server, pattern):
    """The first line of the log from here on in which the pattern is found."""
    for line in server.process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"the log ended without {pattern}")


def test_the_log_tells_what_becomes_of_a_task_when_it_happens(running):
    server = running("--speed", "100")
    server.ask("POST", "/api/v1/tasks", BODY)

    task_id = logged(server, r"POST /api/v1/tasks 200 - (task_[0-9a-f]+)")[1]
    logged(server, rf"{task_id} queued -> processing  world: s3cret")
    logged(server, rf"{task_id} processing -> succeeded  world: s3cret")


def test_the_log_tells_of_a_task_that_somebody_moves_in_another_process(running, tmp_path):
    server = running("--progress", "manual", "--db", str(tmp_path / "mock.db"), "--workers", "2")
    server.ask("POST", "/api/v1/tasks", BODY)
    task_id = logged(server, r"POST /api/v1/tasks 200 - (task_[0-9a-f]+)")[1]

    for move in ("start", "fail"):
        server.ask("POST", f"/_mock/tasks/{task_id}/{move}", "{}")
    logged(server, rf"{task_id} processing -> failed")


def test_the_log_tells_which_script_fired(running):
    server = running("--log-level", "info")
    server.ask("POST", "/_mock/scripts", '{"script": "status=503; times=1"}')
    server.ask("POST", "/api/v1/tasks", BODY)

    logged(server, r"POST /api/v1/tasks 503 unavailable - \S+ ms  script: status=503; times=1")


@pytest.mark.parametrize(
    "path", ["/nope", "/media/default/task_nope/1.mp4", "/favicon.ico", "/_mock/nope"]
)
def test_the_log_tells_of_requests_that_lead_nowhere(running, path):
    server = running()
    server.ask("GET", path)

    logged(server, rf"GET {path} 404 not_found")


NO_REQUESTS = {
    b"GARBAGE\r\n\r\n": "- - 400 invalid_http this is no HTTP request",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03": "- - 400 invalid_http this is TLS",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n": "- - 400 invalid_http this is no HTTP request",
    b"GET /path HTTP/1.1\r\n\r\n": "GET /path 400 invalid_http",
    b"GET /path HTTP/1.1\r\nHost: a\r\nRange: a\r\nRange: b\r\n\r\n": "GET /path 400 invalid_http",
}


def test_the_log_tells_of_what_is_no_request(running):
    server = running()
    for said, line in NO_REQUESTS.items():
        with socket.create_connection(urlsplit(server.url).netloc.split(":"), 60) as connection:
            connection.sendall(said)
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
        logged(server, line)


def test_looks_at_the_control_plane_are_logged_only_for_debugging(running):
    server, curious = running(), running("--log-level", "debug")
    for each in (server, curious):
        each.ask("GET", "/_mock/health")
        each.ask("HEAD", "/_mock/tasks")
        each.ask("POST", "/_mock/reset", "{}")

    assert "POST /_mock/reset" in server.process.stderr.readline()
    logged(curious, "GET /_mock/health 200")


def test_ctrl_c_with_an_open_stream_stops_within_the_grace_and_without_a_traceback(running):
    server = running("--progress", "manual")
    status, answer = server.ask("POST", "/api/v1/tasks", BODY)
    assert status == 200
    task_id = re.search(rb"task_[0-9a-z]{24}", answer)[0].decode()
    with server.connect() as connection:
        connection.request("GET", f"/api/v1/tasks/{task_id}/events", headers=AUTH)
        stream = connection.getresponse()
        assert stream.getheader("Content-Type").startswith("text/event-stream")
        assert stream.readline() == b"retry: 1000\n"
        _, err, code = server.stop()

        assert b"task.succeeded" not in stream.read()
    assert code in (0, 130)
    assert "Traceback" not in err
    assert "Error" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="alone"),
        pytest.param(("--workers", "2"), id="workers", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_is_a_clean_end(running, arguments, tmp_path):
    server = running("--db", str(tmp_path / "mock.db"), *arguments)
    assert server.ask("GET", "/_mock/health")[0] == 200

    _, err, code = server.stop()
    assert code in (0, 130)
    assert "Traceback" not in err


def test_variables_are_read_by_the_process_too(running):
    server = running(MOCK_MINDVIDEO_PROGRESS="polls", MOCK_MINDVIDEO_SEED="7")
    status, answer = server.ask("POST", "/_mock/clock", '{"advance":0}')

    assert status == 200
    assert '"progress":"polls"' in answer.decode()
    assert '"seed":"7"' in answer.decode()
