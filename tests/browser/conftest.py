"""One server and one tab for the tests of a file, and a world and a client for each test."""

from collections.abc import Iterator

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page, page


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """A server whose time a test moves; files that want another have their own."""
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with page() as opened:
        yield opened


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return str(request.node.name).partition("[")[0].removeprefix("test_")[:40]


@pytest.fixture
def client(mock: MockServer, world: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer mv_test_{world}"}
    with httpx.Client(base_url=mock.url, headers=headers, timeout=60) as opened:
        yield opened
