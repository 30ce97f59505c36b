"""Other mocks of HTTP in one test: each keeps its routes, the mock answers for its own hosts.

Whichever of the two was there first; and what a tool has a route for is answered by the tool.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import aioresponses
import httpx
import pytest
import pytest_httpx
import pytest_httpx._options
import requests
import requests_mock
import responses
import respx
import vcr

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from mock_mindvideo.transports.seams import installed
from tests.conftest import AUTH, TASKS, example

THEIRS = "https://other.example/x"
OURS = f"https://api.mindvideo.ai{TASKS}"

#: A route of the tool's own, as it is registered: its URL, and its JSON.
Routes = dict[str, Any]

CASSETTE = """
interactions:
- request: {{body: null, headers: {{}}, method: GET, uri: "{url}"}}
  response:
    body: {{string: '{{"mine": true}}'}}
    headers: {{Content-Type: [application/json]}}
    status: {{code: 200, message: OK}}
version: 1
"""


def by_httpx(method: str, url: str, **sent: Any) -> tuple[int, Any]:
    answer = httpx.request(method, url, **sent)
    return answer.status_code, answer.json()


def by_requests(method: str, url: str, **sent: Any) -> tuple[int, Any]:
    answer = requests.request(method, url, timeout=5, **sent)
    return answer.status_code, answer.json()


def by_aiohttp(method: str, url: str, **sent: Any) -> tuple[int, Any]:
    async def ask() -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, **sent) as answer,
        ):
            return answer.status, await answer.json()

    return asyncio.run(ask())


class Mine(Exception):
    """What the routes of aioresponses raise: 0.7.9 cannot make an answer of aiohttp 3.14's."""


def by_aioresponses(method: str, url: str, **sent: Any) -> tuple[int, Any]:
    try:
        return by_aiohttp(method, url, **sent)
    except Mine:
        return 200, {"mine": True}


def in_httpx_asyncio(method: str, url: str, **sent: Any) -> tuple[int, Any]:
    async def ask() -> tuple[int, Any]:
        async with httpx.AsyncClient() as client:
            answer = await client.request(method, url, **sent)
            return answer.status_code, answer.json()

    return asyncio.run(ask())


@contextmanager
def with_respx(urls: list[str], using: str = "httpcore") -> Iterator[None]:
    with respx.mock(using=using, assert_all_called=False) as router:
        for url in urls:
            router.get(url).respond(json={"mine": True})
        yield


@contextmanager
def with_responses(urls: list[str]) -> Iterator[None]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for url in urls:
            mock.get(url, json={"mine": True})
        yield


@contextmanager
def with_requests_mock(urls: list[str]) -> Iterator[None]:
    with requests_mock.Mocker() as mock:
        for url in urls:
            mock.get(url, json={"mine": True})
        yield
        mock.reset()


@contextmanager
def with_aioresponses(urls: list[str]) -> Iterator[None]:
    with aioresponses.aioresponses() as mock:
        for url in urls:
            mock.get(url, exception=Mine())
        yield


@contextmanager
def with_vcr(urls: list[str], folder: Path) -> Iterator[None]:
    cassette = folder / "cassette.yaml"
    cassette.write_text("".join(CASSETTE.format(url=url) for url in urls[:1]))
    with vcr.use_cassette(str(cassette), record_mode="none"):
        yield


@contextmanager
def with_pytest_httpx(urls: list[str]) -> Iterator[None]:
    """As its fixture does, which cannot be opened in the middle of a test."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        request = type("Request", (), {"node": type("N", (), {"iter_markers": lambda *_: ()})()})
        fixture = pytest_httpx.httpx_mock.__wrapped__(monkeypatch, request)
        mock = next(fixture)
        for url in urls:
            mock.add_response(url=url, json={"mine": True})
        yield
        mock.reset()


@dataclass
class Tool:
    """A tool with a route for each of some URLs, and a client that it stands in front of."""

    opened: Callable[..., Any]
    ask: Callable[..., tuple[int, Any]]


TOOLS = {
    "respx": Tool(with_respx, by_httpx),
    "respx in asyncio": Tool(with_respx, in_httpx_asyncio),
    "respx using httpx": Tool(lambda urls: with_respx(urls, "httpx"), by_httpx),
    "pytest-httpx": Tool(with_pytest_httpx, by_httpx),
    "pytest-httpx in asyncio": Tool(with_pytest_httpx, in_httpx_asyncio),
    "responses": Tool(with_responses, by_requests),
    "requests-mock": Tool(with_requests_mock, by_requests),
    "aioresponses": Tool(with_aioresponses, by_aioresponses),
    "VCR.py with requests": Tool(with_vcr, by_requests),
    "VCR.py with httpx": Tool(with_vcr, by_httpx),
    "VCR.py with aiohttp": Tool(with_vcr, by_aiohttp),
}


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> Tool:
    found = TOOLS[request.param]
    if found.opened is with_vcr:
        return Tool(lambda urls: with_vcr(urls, tmp_path), found.ask)
    return found


@pytest.fixture(autouse=True)
def plugin() -> Iterator[None]:
    """Libraries are patched as long as the plugin is there, which was before every fixture."""
    with installed():
        yield


@contextmanager
def both(tool: Tool, urls: list[str], *, tool_first: bool) -> Iterator[MindVideo]:
    with ExitStack() as stack:
        if tool_first:
            stack.enter_context(tool.opened(urls))
        handle = stack.enter_context(embedded_world("a", Options()))
        if not tool_first:
            stack.enter_context(tool.opened(urls))
        yield handle


@pytest.mark.parametrize("tool_first", [True, False], ids=["before", "after"])
def test_each_answers_for_its_own_hosts(tool: Tool, tool_first: bool) -> None:
    with both(tool, [THEIRS], tool_first=tool_first) as mindvideo:
        assert tool.ask("GET", THEIRS) == (200, {"mine": True})
        status, told = tool.ask("POST", OURS, headers=AUTH, json=example())
        assert status == 200
        assert mindvideo.tasks[0].id == told["task_id"]
        polled = tool.ask("GET", f"{OURS}/{told['task_id']}", headers=AUTH)
        assert polled[1]["status"] == "queued"


@pytest.mark.parametrize("tool_first", [True, False], ids=["before", "after"])
def test_a_route_of_the_tools_own_for_our_host_is_the_tools(tool: Tool, tool_first: bool) -> None:
    url = f"{OURS}/task_of_mine"
    with both(tool, [url], tool_first=tool_first) as mindvideo:
        assert tool.ask("GET", url) == (200, {"mine": True})
        mindvideo.assert_requested("GET /api/v1/tasks/task_of_mine", times=0)


def test_without_the_mock_a_tool_refuses_what_it_does_not_know(tool: Tool) -> None:
    with tool.opened([THEIRS]):
        tool.ask("GET", THEIRS)
        with pytest.raises(BaseException):  # noqa: B017, PT011 - each has one of its own
            tool.ask("POST", OURS, headers=AUTH, json=example())


def test_what_the_mock_answers_is_not_recorded(tmp_path: Path) -> None:
    cassette = tmp_path / "new.yaml"
    with embedded_world("a", Options()), vcr.use_cassette(str(cassette)):
        assert by_requests("POST", OURS, headers=AUTH, json=example())[0] == 200
    assert not cassette.exists()
