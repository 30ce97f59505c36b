"""A page in a real browser uses the API from another port, and through Vite's proxy."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.driving import Browser, PageError, browser
from tests.conftest import KEY, TASKS, example

pytestmark = pytest.mark.slow

EVERY = ["task.queued", "task.processing", "task.succeeded"]
PNG = [*b"\x89PNG\r\n\x1a\n", *range(100)]
CLIP = {"duration": 4, "size": "16:9", "resolution": "720P"}

#: Where the page finds the mock, and where links begin then; `{page}` is the page's own origin.
WAYS = {
    "another port": ("{mock}", "{mock}"),
    "a proxy that passes paths on": ("{page}", "{mock}"),
    "a proxy that takes its prefix off": ("{page}/taken", "{page}/taken"),
    "a proxy that keeps its prefix": ("{page}/kept", "{page}/kept"),
}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """A server whose tasks take half a second."""
    settings = Settings(port=0, progress="time", speed=20, log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(mock: MockServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(mock.url, tmp_path_factory.mktemp("browser")) as driven:
        yield driven


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, mock: MockServer, chromium: Browser) -> tuple[str, str]:
    """The base of the API for the page, and the base of links."""
    base, links = WAYS[request.param]
    known = {"mock": mock.url, "page": chromium.origin}
    return base.format(**known), links.format(**known)


def finished(chromium: Browser, base: str, **changes: Any) -> dict[str, Any]:
    """A task that succeeded, as the page polled it."""
    made = chromium.do("submit", base, KEY, example(**changes))
    assert made["status"] == 200, made
    task: dict[str, Any] = chromium.do("finish", base, KEY, made["body"]["task_id"])
    assert task["status"] == "succeeded"
    return task


def test_a_page_submits_polls_and_plays_the_result(chromium: Browser, way: tuple[str, str]) -> None:
    base, links = way
    url = finished(chromium, base, **CLIP)["output"]["videos"][0]["url"]
    assert url.startswith(f"{links}/media/")
    played = chromium.do("play", url)
    assert (played["width"], played["height"]) == (1280, 720)
    assert played["duration"] == pytest.approx(4, abs=0.1)
    assert played["advanced"] >= 0.3
    assert played["currentTime"] == pytest.approx(3, abs=0.1)
    assert played["pixels"] == 8 * 8 * 4


def test_a_page_follows_the_events_by_fetch(chromium: Browser, way: tuple[str, str]) -> None:
    task = chromium.do("submit", way[0], KEY, example())["body"]["task_id"]
    assert chromium.do("follow", way[0], KEY, task) == EVERY


@pytest.mark.parametrize("library", ["eventsource", "eventsource-client", "fetch-event-source"])
def test_a_page_follows_the_events_by_a_library(
    chromium: Browser, way: tuple[str, str], library: str
) -> None:
    task = chromium.do("submit", way[0], KEY, example())["body"]["task_id"]
    assert chromium.do("library", library, way[0], KEY, task) == EVERY


def test_a_page_reads_what_the_mock_tells_beside_the_body(
    chromium: Browser, mock: MockServer
) -> None:
    key = {"Idempotency-Key": "page-1"}
    first, again = (chromium.do("submit", mock.url, KEY, example(), key) for _ in range(2))
    assert again["body"]["task_id"] == first["body"]["task_id"]
    assert again["headers"]["idempotent-replayed"] == "true"
    assert again["headers"]["x-request-id"].startswith("req_")
    assert "keep%20API%20keys" in again["headers"]["x-mock-advice"].replace(" ", "%20")


@pytest.mark.parametrize(
    ("method", "path", "key", "status", "code"),
    [
        ("GET", f"{TASKS}/task_none", None, 401, "missing_api_key"),
        ("GET", f"{TASKS}/task_none", "mv_live_nobody", 401, "invalid_api_key"),
        ("GET", f"{TASKS}/task_none", KEY, 404, "task_not_found"),
        ("GET", f"{TASKS}/task_none/events", KEY, 404, "task_not_found"),
        ("DELETE", f"{TASKS}/task_none", KEY, 405, "method_not_allowed"),
        ("PUT", TASKS, KEY, 405, "method_not_allowed"),
        ("POST", TASKS, KEY, 415, "unsupported_media_type"),
        ("GET", "/api/v2", KEY, 404, "not_found"),
        ("GET", "/nowhere", KEY, 404, "not_found"),
        ("GET", "/media/default/task_none/1.mp4", None, 404, "not_found"),
        ("POST", "/media/default/task_none/1.mp4", KEY, 405, "method_not_allowed"),
    ],
)
@pytest.mark.parametrize("page", ["here", "foreign"])
def test_a_page_can_read_why_it_is_refused(
    chromium: Browser, mock: MockServer, page: str, method: str, path: str, key: str | None,
    status: int, code: str,
) -> None:  # fmt: skip
    answer = chromium.do("ask", mock.url, method, path, key, page=page)
    assert (answer["status"], answer["body"]["error"]["code"]) == (status, code)


def test_a_page_reads_which_part_of_a_file_it_got(chromium: Browser, mock: MockServer) -> None:
    url = finished(chromium, mock.url, **CLIP)["output"]["videos"][0]["url"]
    part = chromium.do("part", url, page="foreign")
    assert part["status"] == 206
    assert part["kind"].startswith("multipart/byteranges")
    assert part["place"].startswith("bytes 0-99/")


@pytest.mark.parametrize("way", [each for each in WAYS if "passes" not in each], indirect=True)
def test_a_page_of_this_machine_uploads_a_form(chromium: Browser, way: tuple[str, str]) -> None:
    made = chromium.do("upload", way[0], KEY, PNG, "picture.png")
    assert (made["status"], made.get("same")) == (201, True), made
    assert made["headers"]["location"] == made["body"]["url"]
    assert made["body"]["url"].startswith(f"{way[1]}/media/default/uploads/")


def test_a_foreign_page_may_call_the_api_and_not_the_control_plane(
    chromium: Browser, mock: MockServer
) -> None:
    made = chromium.do("submit", mock.url, KEY, example(), page="foreign")
    assert made["status"] == 200
    with pytest.raises(PageError, match="Failed to fetch"):
        chromium.do("upload", mock.url, KEY, PNG, "picture.png", page="foreign")
    with pytest.raises(PageError, match="Failed to fetch"):
        chromium.do("ask", mock.url, "POST", "/_mock/reset", KEY, page="foreign")


def test_a_link_that_is_opened_in_a_tab_shows_the_clip_and_runs_as_nobody(
    chromium: Browser, mock: MockServer
) -> None:
    url = finished(chromium, mock.url, **CLIP)["output"]["videos"][0]["url"]
    shown = chromium.do("open", url)
    assert (shown["width"], shown["height"]) == (1280, 720)
    assert shown["origin"] != f"{urlsplit(mock.url).scheme}://{urlsplit(mock.url).netloc}"
