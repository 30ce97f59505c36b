"""`serve` as a process: what it prints, and how it stops."""

import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mock_mindvideo.server import GRACE

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
        out, err = self.process.communicate(timeout=GRACE + 10)
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


def test_it_says_where_it_listens_then_the_key_then_a_curl_that_works_when_pasted(running):
    server = running("--log-level", "warning")
    assert re.fullmatch(
        r"mock-mindvideo listening on http://127\.0\.0\.1:[0-9]{2,5}\n", server.first
    )
    second, third = (server.process.stdout.readline() for _ in range(2))
    assert second == "API key: mv_live_xxx   (or any mv_test_<name>, for an account of its own)\n"
    assert third == "\n"
    lines = []
    while (line := server.process.stdout.readline()).strip():
        lines.append(line)

    pasted = subprocess.run(
        ["bash", "-c", "".join(lines)], capture_output=True, text=True, timeout=60, check=True
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
    server.process.stdout.readline()

    assert server.process.stdout.readline().startswith("Clips: placeholders of two seconds")


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


def test_ctrl_c_with_an_open_stream_stops_within_the_grace_and_without_a_traceback(running):
    server = running("--progress", "manual")
    body = (
        '{"model":"wan2-7-r2v","input":{"prompt":"x","video_urls":["https://example.com/x.mp4"]}}'
    )
    status, answer = server.ask("POST", "/api/v1/tasks", body)
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


@pytest.mark.parametrize("arguments", [(), ("--workers", "2")], ids=["alone", "workers"])
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
