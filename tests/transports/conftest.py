"""Clients of both libraries, sync and in two event loops, all driven by the same flows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import httpx2
import pytest
import trio

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example

URL = "https://api.mindvideo.ai"


class Client:
    """One client library in one style; every method is sync for the test."""

    def __init__(self, library: Any, run: Callable[..., Any] | None) -> None:
        self.library = library
        self._run = run

    def options(self, **more: Any) -> dict[str, Any]:
        return {"base_url": URL, "headers": {"Authorization": "Bearer mv_live_xxx"}} | more

    def request(self, method: str, path: str, *, timeout: float = 5, **sent: Any) -> Any:
        """The whole answer."""
        if self._run is None:
            with self.library.Client(**self.options(timeout=timeout)) as client:
                return client.request(method, path, **sent)

        async def ask() -> Any:
            async with self.library.AsyncClient(**self.options(timeout=timeout)) as client:
                return await client.request(method, path, **sent)

        return self._run(ask)

    def submit(self, **headers: str) -> str:
        """The id of a new task."""
        answer = self.request("POST", TASKS, json=example(), headers=headers)
        return str(answer.json()["task_id"])

    def lines(self, path: str, look: Callable[[str], bool], **sent: Any) -> None:
        """Read a stream line by line until `look` says that it is enough."""
        if self._run is None:
            with (
                self.library.Client(**self.options()) as client,
                client.stream("GET", path, **sent) as answer,
            ):
                for line in answer.iter_lines():
                    if look(line):
                        return
            return

        async def read() -> None:
            async with (
                self.library.AsyncClient(**self.options()) as client,
                client.stream("GET", path, **sent) as answer,
            ):
                async for line in answer.aiter_lines():
                    if look(line):
                        return

        self._run(read)


def in_asyncio(work: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(work())  # type: ignore[arg-type]


STYLES = {
    "httpx": (httpx, None),
    "httpx in asyncio": (httpx, in_asyncio),
    "httpx in trio": (httpx, trio.run),
    "httpx2": (httpx2, None),
    "httpx2 in asyncio": (httpx2, in_asyncio),
    "httpx2 in trio": (httpx2, trio.run),
}


@pytest.fixture(params=STYLES)
def client(request: pytest.FixtureRequest, mindvideo: MindVideo) -> Client:
    """A client that the application could have made, knowing nothing of the mock."""
    return Client(*STYLES[request.param])
