"""A client with one connection, so that a test knows which worker it talks to."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

TASKS = "/api/v1/tasks"
KEY = "mv_live_xxx"

Body = Mapping[str, Any]


def order(prompt: str) -> Body:
    given = {"prompt": prompt, "video_urls": ["https://a.example/v.mp4"]}
    return {"model": "wan2-7-r2v", "input": given}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return orjson.loads(self.raw)

    @property
    def replayed(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"

    @property
    def code(self) -> str | None:
        return self.body.get("error", {}).get("code") if self.status >= 400 else None


class Client:
    def __init__(self, port: int, key: str = KEY) -> None:
        self.port = port
        self.key = key
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        self._response: http.client.HTTPResponse | None = None

    def __enter__(self) -> "Client":
        self._http.connect()
        return self

    def __exit__(self, *_: object) -> None:
        if self._response is not None:
            self._response.close()
        self._http.close()

    @property
    def socket(self) -> socket.socket:
        return self._http.sock

    @property
    def response(self) -> http.client.HTTPResponse:
        """The last one, perhaps not read yet."""
        assert self._response is not None
        return self._response

    def follow(self, path: str) -> Iterator[Body]:
        """The data of a stream's events as they come."""
        return _events(self._send("GET", path, None, None, Accept="text/event-stream"))

    def ask(
        self, method: str, path: str, body: object = None, key: str | None = None, **more: str
    ) -> Answer:
        """One request, `more` as headers with `-` for `_`."""
        response = self._send(method, path, body, key, **more)
        raw = response.read()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, raw)

    def get(self, path: str, **more: Any) -> Any:
        """The body of a GET that succeeds."""
        answer = self.ask("GET", path, **more)
        assert answer.status == 200, answer
        return answer.body

    def control(self, path: str, body: object = None, method: str = "POST") -> Any:
        """The body of a request to the control plane that succeeds."""
        answer = self.ask(method, f"/_mock/{path}", body or {})
        assert answer.status in (200, 201), answer
        return answer.body

    def submit(self, body: Body, idempotency_key: str | None = None, **more: Any) -> Answer:
        named = {"Idempotency_Key": idempotency_key} if idempotency_key else {}
        return self.ask("POST", TASKS, body, **named, **more)

    def events(self, task_id: str, key: str | None = None, last: int = 0) -> Iterator[Body]:
        """The events after the `last` one as they come; IncompleteRead if it is cut off."""
        path = f"{TASKS}/{task_id}/events"
        seen = {"Last_Event_ID": str(last)} if last else {}
        response = self._send("GET", path, None, key, Accept="text/event-stream", **seen)
        assert response.status == 200, response.read()
        return _events(response)

    def _send(
        self, method: str, path: str, body: object, key: str | None, **more: str
    ) -> http.client.HTTPResponse:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        raw = None if body is None else orjson.dumps(body)
        if raw is not None:
            headers["Content-Type"] = "application/json"
        self._http.request(method, path, raw, headers)
        self._response = self._http.getresponse()
        return self._response


def _events(response: http.client.HTTPResponse) -> Iterator[Body]:
    while line := response.readline():
        if line.startswith(b"data: "):
            yield orjson.loads(line.removeprefix(b"data: "))
