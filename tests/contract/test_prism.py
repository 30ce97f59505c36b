"""Prism's validation proxy in front of the mock sees nothing that goes against the document."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.checking.targets import exported_document
from tests.conftest import AUTH, TASKS, example
from tests.examples.video_client import GenerationFailed, VideoClient
from tests.npm import npm_program
from tests.ports import free_port

pytestmark = pytest.mark.slow

PRISM = "@stoplight/prism-cli@5.14.2"


@pytest.fixture(scope="module")
def prism() -> Path:
    """The proxy."""
    return npm_program("prism", PRISM)


@pytest.fixture(scope="module")
def client(prism: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client whose requests and answers pass `prism proxy --errors`."""
    document = tmp_path_factory.mktemp("prism") / "openapi.json"
    port = free_port()
    with MockServer(Settings(port=0, progress="polls", log_level="critical")) as server:
        document.write_text(json.dumps(exported_document(builtin_catalog(), server.url)))
        command = [str(prism), "proxy", "--errors", "-p", str(port), str(document), server.url]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            url = f"http://127.0.0.1:{port}"
            with httpx2.Client(base_url=url, headers=AUTH, timeout=30) as through:
                yield through
        finally:
            running.terminate()
            running.wait()


def wait_for(port: int) -> None:
    """Until Prism, another program, accepts connections."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("Prism did not start")


def violates(answer: httpx2.Response) -> Any:
    """What Prism says instead of passing an answer on, or beside it."""
    if "stoplight.io/prism/errors" in answer.text:
        return answer.json()
    return answer.headers.get("sl-violations")


def test_a_client_that_does_everything_meets_no_violation(client: httpx2.Client) -> None:
    key = {"Idempotency-Key": "prism-1"}
    first = client.post(TASKS, json=example(), headers=key)
    one = f"{TASKS}/{first.json()['task_id']}"
    answers = [
        first,
        *(client.get(one) for _ in range(3)),
        client.get(f"{one}/events", headers={"Accept": "application/json"}),
        client.get(f"{one}/events", headers={"Accept": "text/event-stream"}),
        client.post(TASKS, json=example(), headers=key),
        client.post(TASKS, json=example(duration=7), headers=key),
        client.get(f"{TASKS}/task_none"),
        client.get(one, headers={"Authorization": "Bearer mv_test_disabled"}),
        client.post(TASKS, json=example(), headers={"Authorization": "Bearer mv_test_no_credit"}),
    ]
    assert [violates(answer) for answer in answers] == [None] * len(answers)
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200, 200, 200, 200, 200, 200, 200, 409, 404, 403, 402]
    assert answers[3].json()["status"] == "succeeded"
    assert "event: task.succeeded" in answers[5].text


def test_prism_would_have_told(client: httpx2.Client) -> None:
    assert "duration" in str(violates(client.post(TASKS, json=example(duration=99))))


def test_the_example_client_works_through_it(client: httpx2.Client) -> None:
    """Under `--errors` a violation would be a 500, which the example client raises."""
    base = str(client.base_url).rstrip("/")
    with VideoClient("mv_test_prism_example", base) as video:
        task_id = video.submit("图1 walks", "https://example.com/a.jpg", duration=4)
        assert video.wait(task_id, every=0).endswith(f"/{task_id}/1.mp4")
        types = [event["type"] for event in video.follow(task_id)]
        assert types == ["task.queued", "task.processing", "task.succeeded"]
        failing = video.submit("图1", "https://fail-timeout.mock.invalid/a.jpg")
        with pytest.raises(GenerationFailed, match="timeout"):
            video.wait(failing, every=0)
