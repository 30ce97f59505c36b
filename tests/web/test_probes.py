"""Whoever runs the server can ask whether it is alive and ready, from anywhere."""

from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from mock_mindvideo.stores import sqlite_file
from tests.conftest import caller

PROBES = ("/_mock/live", "/_mock/ready")


def from_elsewhere(**settings: object) -> TestClient:
    """Another machine, which is closed out of the control plane."""
    app = create_app(Settings(**settings))  # type: ignore[arg-type]
    client = caller(app, client=("10.1.2.3", 40000), headers={"Host": "mock:8080"})
    assert client.get("/_mock/health").status_code == 403
    return client


@pytest.mark.parametrize("path", PROBES)
def test_a_probe_from_another_machine_needs_no_token(path: str) -> None:
    answer = from_elsewhere().get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": path.rpartition("/")[2]})
    assert from_elsewhere().head(path).status_code == 200


@pytest.mark.parametrize("path", PROBES)
def test_only_looks_are_open(path: str) -> None:
    assert from_elsewhere().post(path).status_code == 403


def test_a_server_is_alive_but_not_ready_while_its_store_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_SEEN", 0)
    file = tmp_path / "mock.db"
    client = from_elsewhere(db=file)
    with closing(client.app.store):  # type: ignore[attr-defined]
        file.rename(tmp_path / "away.db")
        refused = client.get("/_mock/ready")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert str(file) not in refused.text
        assert client.get("/_mock/live").status_code == 200
        (tmp_path / "away.db").rename(file)
        assert client.get("/_mock/ready").status_code == 200


def test_a_server_that_is_about_to_stop_is_alive_not_ready_and_refuses_newcomers() -> None:
    app = create_app(Settings())
    client = caller(app, "http://127.0.0.1", client=("127.0.0.1", 5000))
    assert client.get("/_mock/health").json()["draining"] is False
    app.drain()
    assert client.get("/_mock/health").json()["draining"] is True
    for path in ("/_mock/ready", "/api/v1/tasks/x", "/media/default/x/1.mp4"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert client.get("/_mock/live").status_code == 200
    assert client.get("/_mock/tasks").status_code == 200
    counted = client.get("/_mock/metrics").text
    assert 'request_duration_seconds_count{endpoint="none",status="503"} 2.0' in counted
