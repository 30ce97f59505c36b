"""The reference at `/docs`: both documents, offline, under the page's own policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_mindvideo import MockServer
from tests.browser.page import PACKAGES, Page
from tests.npm import npm_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(mock: MockServer, tab: Page) -> Iterator[Page]:
    """The reference, which broke no rule of its policy and met no error at the end."""
    tab.do("size", 1280, 900)
    tab.do("goto", "about:blank")
    tab.do("asked"), tab.do("errors")
    tab.do("goto", f"{mock.url}/docs?world=docs")
    tab.do("wait", ".opblock")
    yield tab
    assert tab.do("errors") == []


def operations(tab: Page) -> set[str]:
    shown = "[...document.querySelectorAll('.opblock')].map((each) => each.innerText)"
    return {" ".join(each.split()[:2]) for each in tab.do("run", shown)}


def shown(tab: Page, expected: set[str]) -> None:
    """As many operations are shown as are expected, and those."""
    tab.do("until", f"document.querySelectorAll('.opblock').length === {len(expected)}")
    assert operations(tab) == expected


def documented(mock: MockServer, name: str) -> set[str]:
    paths: dict[str, Any] = httpx.get(f"{mock.url}/_mock/{name}").json()["paths"]
    return {f"{method.upper()} {path}" for path, item in paths.items() for method in item}


def test_every_operation_of_both_documents_is_shown(opened: Page, mock: MockServer) -> None:
    shown(opened, documented(mock, "openapi.json"))
    opened.do("click", "nav a:has-text('Control plane')")
    opened.do("wait", "text=The control plane of mock-mindvideo")
    shown(opened, documented(mock, "control-openapi.json"))


def test_the_reference_page_sends_requests_to_the_mock_alone(
    opened: Page, mock: MockServer
) -> None:
    asked = [each for each in opened.do("asked") if not each.startswith(("data:", "blob:"))]
    assert len(asked) > 5
    assert {each.split("/")[2] for each in asked} == {mock.url.split("/")[2]}


def test_an_example_is_tried_with_the_key_of_the_world(opened: Page, mock: MockServer) -> None:
    opened.do("click", ".opblock-summary")
    opened.do("click", ".execute")
    opened.do("wait", ".live-responses-table .response:has-text('\"task_id\"')")
    key = {"Authorization": "Bearer mv_test_docs"}
    assert len(httpx.get(f"{mock.url}/_mock/tasks", headers=key).json()["tasks"]) == 1


def test_the_page_leads_there_and_back(opened: Page, mock: MockServer) -> None:
    opened.do("click", "h1 a")
    opened.do("wait", "#world")
    assert opened.do("run", "location.hash") == "#/docs/tasks"
    opened.do("click", "nav a:has-text('API')")
    opened.do("wait", ".opblock")
    assert opened.do("run", "location.search") == "?world=docs"


def test_what_an_operation_rests_on_leads_to_its_rule(opened: Page) -> None:
    opened.do("click", ".opblock-summary")
    opened.do("wait", ".grounds a")
    rule = opened.text(".grounds a")
    opened.do("click", ".grounds a")
    opened.do("wait", ".behaviours li")
    assert opened.text(".behaviours li b") == rule


@pytest.mark.parametrize("document", ["api", "control"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(
    opened: Page, mock: MockServer, document: str, *, dark: bool
) -> None:
    opened.do("dark", dark)
    opened.do("goto", f"{mock.url}/docs?document={document}")
    opened.do("click", ".opblock-summary")
    opened.do("wait", ".execute")
    opened.do("script", Path(npm_folder(*PACKAGES), "node_modules/axe-core/axe.min.js").read_text())
    found = opened.do("run", "axe.run().then((found) => found.violations)")
    opened.do("dark", False)
    serious = [
        (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("width", [320, 768, 3840])
def test_nothing_stands_out_at_any_width(opened: Page, width: int) -> None:
    opened.do("click", ".opblock-summary")
    opened.do("wait", ".execute")
    opened.do("size", width, 900)
    assert opened.do("run", "document.documentElement.scrollWidth - window.innerWidth") <= 0
