"""A file that somebody uploaded, opened in a browser, cannot act as the mock's own page."""

from collections.abc import Iterator

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page, page
from tests.conftest import AUTH, TASKS, example

pytestmark = pytest.mark.slow

RESET = "fetch('/_mock/reset', {method: 'POST'}).finally(() => { document.title = 'ran' })"
HTML = f'<!doctype html><title>quiet</title><script>{RESET}</script><img src=x onerror="{RESET}">'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RESET}"><script>{RESET}</script></svg>'

#: What is sent as what: markup under its own type, and under types that may be uploaded.
SENT = [
    ("text/html", HTML),
    ("image/svg+xml", SVG),
    ("application/xhtml+xml", HTML),
    ("text/xml", SVG),
    ("image/png", HTML),
    ("image/gif", "GIF89a" + HTML),
    ("video/mp4", HTML),
    ("audio/mpeg", SVG),
    ("image/webp", SVG),
]


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(Settings(port=0, progress="manual", log_level="warning")) as running:
        yield running


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with page() as opened:
        yield opened


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize(("media_type", "content"), SENT)
def test_markup_that_was_uploaded_does_not_run(
    mock: MockServer, tab: Page, media_type: str, content: str, *, form: bool
) -> None:
    with httpx.Client(base_url=mock.url, headers=AUTH) as client:
        client.post(TASKS, json=example())
        if form:
            sent = client.post("/_mock/uploads", files={"file": ("x.svg", content, media_type)})
        else:
            headers = {"Content-Type": media_type}
            sent = client.post("/_mock/uploads", content=content.encode(), headers=headers)
        if sent.status_code == 415:
            return
        url = sent.json()["url"]
        answer = client.get(url)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        tab.do("goto", url)
        assert tab.do("run", "document.title") != "ran"
        assert tab.do("run", "window.origin") == "null"
        assert len(client.get("/_mock/tasks").json()["tasks"]) >= 1


def test_prompts_and_headers_with_markup_are_text_on_the_page(mock: MockServer, tab: Page) -> None:
    markup = f'<img src=x onerror="{RESET}"><script>{RESET}</script> 图1'
    with httpx.Client(base_url=mock.url, headers=AUTH) as client:
        client.post(TASKS, json=example(prompt=markup), headers={"X-Note": f"<b>{markup[:20]}"})
        tab.do("goto", f"{mock.url}/_mock/ui/#/default/tasks")
        tab.do("wait", ".task")
        tab.do("until", "document.body.innerText.includes('onerror')")
        assert tab.do("run", "document.querySelectorAll('main img, main script').length") == 0
        tab.show("default/journal")
        tab.do("click", ".exchange .line")
        tab.do("wait", ".opened pre")
        assert tab.do("run", "document.querySelectorAll('main img, main script').length") == 0
        assert tab.do("run", "document.title") != "ran"
        assert client.get("/_mock/tasks").json()["tasks"]


def test_the_page_may_be_framed_by_nobody(mock: MockServer, tab: Page) -> None:
    tab.do("goto", f"{mock.url}/_mock/ui/")
    blocked = """new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.onload = () => done(!frame.contentDocument?.body?.innerText);
        frame.src = "/_mock/ui/";
        document.body.append(frame);
    })"""
    assert tab.do("run", blocked)
