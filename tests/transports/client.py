"""What the tests ask of a client, whatever library is behind it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

URL = "https://api.mindvideo.ai"


KEY = {"Authorization": "Bearer mv_live_xxx"}


Look = Callable[[str], bool]


@dataclass
class Reply:
    """An answer, whichever library it came through; names of headers in lower case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    chain: list[int] = field(default_factory=list)

    def json(self) -> Any:
        return json.loads(self.content)


def reply(status: int, headers: Any, content: bytes) -> Reply:
    def text(value: Any) -> str:
        return value.decode("latin-1") if isinstance(value, bytes) else value

    return Reply(status, {text(name).lower(): text(value) for name, value in headers}, content)


@dataclass
class Asked:
    """A request: `url` is whole, `timeout` in seconds for each wait."""

    method: str
    url: str
    headers: dict[str, str]
    content: Any
    timeout: float


class Client:
    """One library in one style; every method is sync for the test.

    `timed_out`, `disconnected` and `broken` are what it raises: for an answer that does not come
    in time, for a connection that ends before the answer, and for one that ends within it.
    """

    base_url = URL
    timed_out: Any = TimeoutError
    slow_stream: Any = None
    disconnected: Any
    broken: Any

    def send(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def follow(self, asked: Asked, look: Look) -> None:
        raise NotImplementedError

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: Any = None,
        headers: Mapping[str, str] = {},
        timeout: float = 60,
    ) -> Reply:
        """The whole answer."""
        return self.send(self._asked(method, path, json, content, headers, timeout))

    def submit(self, body: Any, **headers: str) -> str:
        """The id of a new task."""
        answer = self.request("POST", "/api/v1/tasks", json=body, headers=headers)
        return str(answer.json()["task_id"])

    def lines(
        self, path: str, look: Look, headers: Mapping[str, str] = {}, timeout: float = 60
    ) -> None:
        """Read a stream line by line until `look` says that it is enough."""
        self.follow(self._asked("GET", path, None, None, headers, timeout), look)

    def _asked(
        self, method: str, path: str, body: Any, content: Any, headers: Any, timeout: float
    ) -> Asked:
        sent = {**KEY, **headers}
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        url = path if path.startswith("http") else self.base_url + path
        return Asked(method, url, sent, content, timeout)


Run = Callable[[Callable[[], Awaitable[Any]]], Any]


def in_asyncio(work: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(work())  # type: ignore[arg-type]


def in_lines(pieces: Any) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in lines)
