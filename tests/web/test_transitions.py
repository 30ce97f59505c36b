"""The log of transitions: it tells of each state when it comes, whatever stood in its way."""

import asyncio
import logging

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.web.app import App
from mock_mindvideo.web.transitions import Transitions
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.views import View
from tests.conftest import TASKS, MakeClient, example


class _Told(logging.Handler):
    """Sets an event when the log tells of an end."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = asyncio.Event()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if "-> succeeded" in self.lines[-1]:
            self.ended.set()


def app_of(client: TestClient) -> App:
    assert isinstance(client.app, App)
    return client.app


def test_tasks_are_told_of_once_a_store_that_was_away_is_back(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client()
    app = app_of(client)
    glance, failures = app.service.glance, iter([Unavailable("away"), Unavailable("away")])

    def away_twice(world: World, task_id: str) -> View:
        if (problem := next(failures, None)) is not None:
            raise problem
        return glance(world, task_id)

    monkeypatch.setattr(app.service, "glance", away_twice)
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 600})
    lines = asyncio.run(_lines(app, task_id))
    assert [line.split("  ")[0] for line in lines] == [
        f"{task_id} queued -> processing",
        f"{task_id} processing -> succeeded",
    ]


async def _lines(app: App, task_id: str) -> list[str]:
    """What the log tells of a task until it has ended."""
    told, logger = _Told(), logging.getLogger("mock_mindvideo.transitions")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(told)
    transitions = Transitions(app.service, app.store)
    transitions.follow(app.worlds.open("default"), task_id, new=True)
    running = asyncio.create_task(transitions.run())
    try:
        await asyncio.wait_for(told.ended.wait(), 30)
    finally:
        running.cancel()
        logger.removeHandler(told)
        logger.setLevel(before)
    return told.lines
