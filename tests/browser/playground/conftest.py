"""The playground of a test's world, in a browser."""

from collections.abc import Iterator

import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    settings = Settings(port=0, progress="polls", seed=7, log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture
def form(mock: MockServer, tab: Page, world: str) -> Iterator[Page]:
    """The playground on the test's world, with nothing left of other tests; it heard no error."""
    tab.do("size", 1280, 900)
    tab.do("goto", f"{mock.url}/#/{world}/rules")
    tab.do("wait", ".behaviours")  # the playground of another test has kept its draft by now
    tab.do("run", "sessionStorage.clear()")
    tab.do("goto", "about:blank")
    tab.do("asked"), tab.do("errors")
    tab.do("goto", f"{mock.url}/#/{world}/playground")
    tab.do("wait", ".playground textarea")
    yield tab
    errors = [each for each in tab.do("errors") if "Failed to load resource" not in each]
    assert errors == []
