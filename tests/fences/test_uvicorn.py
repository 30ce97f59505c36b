"""Uvicorn without a name that it never promised: served all the same, and told once."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.fences import fence, uvicorn
from mock_mindvideo.serving.sockets import ServerError
from tests.conftest import TASKS, example
from tests.fences.uvicorn_names import CONNECTION, STOP, WORKERS, Taking

KEY = {"Authorization": "Bearer mv_live_xxx"}


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """What was found and told is forgotten before and after each test."""
    for each in (fence.warn, uvicorn.can_supervise):
        each.cache_clear()
    yield
    for each in (fence.warn, uvicorn.can_supervise):
        each.cache_clear()


@contextmanager
def serving() -> Iterator[tuple[MockServer, httpx2.Client]]:
    settings = Settings(port=0, progress="polls", seed=7, log_level="warning")
    with (
        MockServer(settings) as server,
        httpx2.Client(base_url=server.url, headers=KEY, timeout=60) as client,
    ):
        yield server, client


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (each for each in caplog.records if each.name == "mock_mindvideo")
    return [each.getMessage() for each in ours if each.levelno >= logging.WARNING]


def names(taken: Mapping[str, Taking]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("name", "take"), taken.items(), ids=list(taken))


def submit_poll_and_follow(client: httpx2.Client) -> None:
    sent = client.post(TASKS, json=example(), headers={"Idempotency-Key": "k"})
    assert sent.status_code == 200
    task = f"{TASKS}/{sent.json()['task_id']}"
    polled = [client.get(task).json()["status"] for _ in range(3)]
    assert polled == ["queued", "processing", "succeeded"]
    again = client.post(TASKS, json=example(), headers={"Idempotency-Key": "k"})
    assert again.headers["Idempotent-Replayed"] == "true"
    followed = client.get(f"{task}/events", headers={"Accept": "text/event-stream"}).text
    data = [line[6:] for line in followed.splitlines() if line.startswith("data: ")]
    types = [json.loads(each)["type"] for each in data]
    assert types == ["task.queued", "task.processing", "task.succeeded"]
    assert client.get(TASKS).status_code == 405
    assert client.post(TASKS, content=b"{").json()["error"]["code"] == "unsupported_media_type"


def test_with_all_names_of_uvicorn_present_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving() as (server, client):
        submit_poll_and_follow(client)
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post(TASKS, json=example(), headers={"X-Mock-Script": "drop@after-commit"})
    assert uvicorn.can_supervise()
    assert warnings(caplog) == []
    assert server._server.config.http != "auto"


@names(CONNECTION)
def test_without_a_name_that_the_connection_needs_uvicorns_connection_serves(
    name: str,
    take: Taking,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    take(monkeypatch)
    with serving() as (server, client):
        submit_poll_and_follow(client)
    assert server._server.config.http == "auto"
    [told] = warnings(caplog)
    assert name in told
    assert "uvicorn's own connection" in told


def test_where_a_connection_cannot_be_broken_the_client_is_told_and_finds_its_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    CONNECTION["ServerState.connections"](monkeypatch)
    key = {"Idempotency-Key": "lost"}
    with serving() as (_, client):
        lost = client.post(
            TASKS, json=example(), headers={**key, "X-Mock-Script": "drop@after-commit"}
        )
        assert lost.status_code == 500
        assert "which this server cannot do" in lost.json()["error"]["message"]
        found = client.post(TASKS, json=example(), headers=key)
        assert found.headers["Idempotent-Replayed"] == "true"
        with pytest.raises(httpx2.RemoteProtocolError):  # an answer that has begun gets no end
            client.post(TASKS, json=example(), headers={"X-Mock-Script": "truncate=20"})


@names(STOP)
def test_without_uvicorns_attribute_for_stopping_a_server_in_a_thread_is_refused(
    name: str, take: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(monkeypatch)
    server = MockServer(Settings(port=0, log_level="warning"))
    with pytest.raises(ServerError, match=rf"has no {name}.*serve"):
        server.start()
    server.app.store.close()


@names(WORKERS)
def test_without_a_name_of_the_supervisor_there_are_no_workers(
    name: str, take: Taking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take(monkeypatch)
    assert not uvicorn.can_supervise()
    [told] = warnings(caplog)
    assert name in told
    assert "one process serves" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("ServerState.tasks", 1),
        ("Multiprocess.terminate_all", 1),
        ("Multiprocess.run,Server.should_exit,Config.load", 2),
    ],
)
def test_serve_runs_and_stops_without_the_names(names: str, told: int, tmp_path: Path) -> None:
    options = ["serve", "--port", "0", "--workers", "2", "--db", str(tmp_path / "kept.db")]
    options += ["--progress", "polls", "--seed", "7"]
    command = [sys.executable, "-m", "tests.fences.serve_without", names, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as served:
        assert served.stdout is not None
        assert served.stderr is not None
        url = served.stdout.readline().decode().split()[-1]
        with httpx2.Client(base_url=url, headers=KEY, timeout=60) as client:
            submit_poll_and_follow(client)
        served.terminate()
        served.wait(60)
        log = served.stderr.read().decode()
    assert served.returncode in (0, -15)
    assert log.count("is not as") == told
    assert "Traceback" not in log
