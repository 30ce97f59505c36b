"""The journal is written beside the answer, and never at its cost."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.web.app import App
from tests.conftest import TASKS, example


def test_an_answer_is_given_though_the_journal_cannot_be_written(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = client.app
    assert isinstance(app, App)

    def full(*_: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(app.store, "record", full)
    with caplog.at_level(logging.WARNING):
        answer = client.post(TASKS, json=example())

    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    assert "part of the journal was lost: the disk is full" in caplog.text


def test_a_body_is_kept_up_to_its_bound(client: TestClient) -> None:
    sent = json.dumps(example() | {"nothing": "x" * 20_000})
    client.post(TASKS, content=sent, headers={"Content-Type": "application/json"})
    [entry] = client.get("/_mock/requests").json()["requests"]
    assert entry["body"] == sent[: 16 * 1024]
