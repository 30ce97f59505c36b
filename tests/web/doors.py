"""Two doors to one application, and what came through them line by line."""

import asyncio
import http.client
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mock_mindvideo.web.app import App
from mock_mindvideo.web.scope import scope_of


class Lines(NamedTuple):
    """An answer whose header lines stand as they were sent, repeated ones too."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        """The values of all lines of one name."""
        return [value for each, value in self.headers if each.lower() == name.lower()]


#: Method, path, headers and body to an answer.
Door = Callable[[str, str, Mapping[str, str], bytes], Lines]


def through_a_socket(url: str) -> Door:
    """Ask a server, by Python's own client."""
    place = urlsplit(url)

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Lines:
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return Lines(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    return ask


@contextmanager
def without_a_socket(app: App) -> Iterator[Door]:
    """Ask the application itself, by the messages of ASGI, all in one event loop."""
    with asyncio.Runner() as runner:

        def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Lines:
            return runner.run(_asked(app, _scope(method, path, headers), body))

        yield ask


async def _asked(app: App, scope: dict[str, Any], body: bytes) -> Lines:
    told: list[Any] = []
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if asked.is_set():
            await asyncio.Event().wait()  # a client that stays until it has its answer
        asked.set()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await app(scope, receive, send)
    head, *pieces = told
    lines = [(name.decode(), value.decode("latin-1")) for name, value in head["headers"]]
    return Lines(head["status"], lines, b"".join(each.get("body", b"") for each in pieces))


def _scope(method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    known = {"host": "127.0.0.1:8080", **headers}
    lines = [(name.lower().encode(), text.encode("latin-1")) for name, text in known.items()]
    client, server = ("127.0.0.1", 50000), ("127.0.0.1", 8080)
    return dict(scope_of(method, path.encode(), lines, client=client, server=server))
