"""Recordings to check: what a client does, and a HAR file of it."""

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

from mock_mindvideo.checking.in_process import BASE_URL, InProcess
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from tests.conftest import example
from tests.contract.running import KEY

TASKS = f"{BASE_URL}/api/v1/tasks"


class Client:
    """An application that does everything right, and writes down what it did."""

    def __init__(self, server: InProcess) -> None:
        self._server = server
        self.done: list[tuple[HttpRequest, HttpResponse]] = []

    def ask(self, method: str, url: str, body: Any = None, **headers: str) -> Any:
        given = {"authorization": f"Bearer {KEY}", "accept": "application/json", **headers}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            given["content-type"] = "application/json"
        request = HttpRequest(method, url, given, content)
        response = self._server.send(request, 5)
        self.done.append((request, response))
        return response.value

    def play(self) -> None:
        """Submit, poll to the end, follow, and retry."""
        order = example()
        first = self.ask("POST", TASKS, order, **{"idempotency-key": "order-1"})
        one = f"{TASKS}/{first['task_id']}"
        for _ in range(3):
            self.ask("GET", one)
        self.ask("GET", f"{one}/events")
        self.ask("GET", f"{one}/events", accept="text/event-stream")
        self.ask("POST", TASKS, order, **{"idempotency-key": "order-1"})
        other = example(duration=3, resolution="720P")
        self.ask("POST", TASKS, other, **{"idempotency-key": "order-2"})
        self.ask("GET", f"{TASKS}/task_none")


def har(done: list[tuple[HttpRequest, HttpResponse]]) -> dict[str, Any]:
    """The exchanges as a HAR file, with some that are not the API's."""
    entries = [_entry(number, *each) for number, each in enumerate(done)]
    page = _entry(
        99, HttpRequest("GET", "http://app.test/index.html", {}), HttpResponse(200, {}, b"<p>")
    )
    preflight = _entry(98, HttpRequest("OPTIONS", TASKS, {"origin": "x"}), HttpResponse(204, {}))
    return {"log": {"version": "1.2", "entries": [*entries, page, preflight]}}


def _entry(number: int, request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "startedDateTime": f"2026-01-01T00:00:{number:02}.000Z",
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [{"name": n, "value": v} for n, v in request.headers.items()],
        },
        "response": {
            "status": response.status,
            "headers": [{"name": n, "value": v} for n, v in response.headers.items()],
            "content": {
                "size": len(response.body),
                "encoding": "base64",
                "text": base64.b64encode(response.body).decode(),
            },
        },
    }
    if request.body is not None:
        entry["request"]["postData"] = {"text": request.body.decode()}
    return entry


Plant = Callable[[Any], None]


def header(name: str, value: str | None) -> Plant:
    """Sets a header of the request, or takes it out."""

    def plant(entry: Any) -> None:
        headers = entry["request"]["headers"]
        headers[:] = [each for each in headers if each["name"].lower() != name]
        if value is not None:
            headers.append({"name": name, "value": value})

    return plant


def sent(change: Callable[[Any], None]) -> Plant:
    """Changes the JSON that is sent."""

    def plant(entry: Any) -> None:
        body = json.loads(entry["request"]["postData"]["text"])
        change(body)
        entry["request"]["postData"]["text"] = json.dumps(body)

    return plant


def answered(change: Callable[[Any], None]) -> Plant:
    """Changes the JSON that comes back."""

    def plant(entry: Any) -> None:
        content = entry["response"]["content"]
        text = content["text"]
        if content.pop("encoding", None) == "base64":
            text = base64.b64decode(text).decode()
        body = json.loads(text)
        change(body)
        content["text"] = json.dumps(body)

    return plant


def planted(recording: Any, number: int, plant: Plant) -> Any:
    """The recording with a fault in one of its entries."""
    changed = copy.deepcopy(recording)
    plant(changed["log"]["entries"][number])
    return changed
