"""A client of a real server, and what it reads of a stream."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2

from mock_mindvideo import MockServer
from tests.conftest import TASKS, example


class Event(NamedTuple):
    """One server-sent event as it came over the wire."""

    id: str
    type: str
    data: dict[str, Any]


class Live:
    """One world of a real server."""

    def __init__(self, server: MockServer, world: str) -> None:
        self.http = httpx2.Client(
            base_url=server.url, headers={"Authorization": f"Bearer mv_test_{world}"}, timeout=30
        )

    def __enter__(self) -> "Live":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def submit(self, **headers: str) -> str:
        return str(self.http.post(TASKS, json=example(), headers=headers).json()["task_id"])

    def control(self, path: str, **body: Any) -> Any:
        return self.http.post(f"/_mock/{path}", json=body).json()

    @contextmanager
    def stream(self, task_id: str, **headers: str) -> Iterator[Iterator[str]]:
        """The lines of a stream, as they come."""
        path = f"{TASKS}/{task_id}/events"
        with self.http.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            yield answer.iter_lines()


def next_event(lines: Iterator[str]) -> Event:
    """The next event of a stream; comments and `retry` are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line == "" and "data" in fields:
            return Event(fields["id"], fields["event"], json.loads(fields["data"]))
        if name in ("id", "event", "data"):
            fields[name] = value
    raise EOFError("the stream ended")


def events(lines: Iterator[str]) -> list[Event]:
    """The events until the stream ends."""
    found = []
    while True:
        try:
            found.append(next_event(lines))
        except EOFError:
            return found
