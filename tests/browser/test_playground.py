"""The playground: a form of the model's schema that is sent to the mock, and what comes of it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page
from tests.conftest import TASKS

pytestmark = pytest.mark.slow

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)


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
    tab.do("run", "sessionStorage.clear()")
    tab.do("goto", "about:blank")
    tab.do("asked"), tab.do("errors")
    tab.do("goto", f"{mock.url}/#/{world}/playground")
    tab.do("wait", ".playground textarea")
    yield tab
    errors = [each for each in tab.do("errors") if "Failed to load resource" not in each]
    assert errors == []


def at(pointer: str) -> str:
    """The control of a place in the input."""
    return f'[id="f{pointer}"]'


def settled(form: Page) -> None:
    """The mock has said what it thinks of the draft as it is."""
    form.do("until", "!document.querySelector('.price').hasAttribute('aria-busy')")


def sent(client: httpx.Client) -> list[dict[str, Any]]:
    """The submits that came, oldest first."""
    requests = client.get("/_mock/requests").json()["requests"]
    return [each for each in requests if each["method"] == "POST" and each["path"] == TASKS]


def input_of(form: Page) -> Any:
    """The input as the JSON editor shows it; the form is shown again."""
    form.do("click", "button.raw")
    form.do("wait", "#input-json")
    text = form.do("run", "document.querySelector('#input-json').value")
    form.do("click", "button.raw")
    form.do("gone", "#input-json")
    return json.loads(text)


def send(form: Page) -> None:
    form.do("click", "button.send")


def fill_in_the_example(form: Page) -> None:
    form.do("click", "text=Fill in the example")
    form.do("wait", at("/image_with_roles/0/url"))


def test_the_form_begins_with_the_defaults_and_folds_away_what_is_advanced(form: Page) -> None:
    assert input_of(form) == {
        "size": "16:9",
        "duration": 5,
        "watermark": False,
        "resolution": "1080P",
        "prompt_extend": True,
    }
    assert form.do("run", "document.querySelector('details.advanced').open") is False
    assert form.do("run", f"document.querySelector('{at('/prompt')}').rows") == 6


def test_what_is_filled_in_is_what_is_sent(form: Page, client: httpx.Client) -> None:
    form.do("fill", at("/prompt"), "雨中漫步")
    form.do("fill", at("/duration"), "7")
    form.do("choose", at("/resolution"), "0")
    form.do("check", at("/watermark"), True)
    form.do("click", "details.advanced > summary")
    form.do("fill", at("/seed"), "12345678901234567890")
    form.do("click", "text=Add to Reference videos")
    form.do("fill", at("/video_urls/0"), "https://example.com/a.mp4")
    send(form)
    form.do("wait", ".outcome .status")
    (only,) = sent(client)
    assert json.loads(only["body"]) == {
        "model": "wan2-7-r2v",
        "input": {
            "size": "16:9",
            "duration": 7,
            "watermark": True,
            "resolution": "720P",
            "prompt_extend": True,
            "prompt": "雨中漫步",
            "seed": 12345678901234567890,
            "video_urls": ["https://example.com/a.mp4"],
        },
    }
    key = form.do("run", "document.querySelector('#idempotency-key').value")
    assert dict(map(tuple, only["headers"]))["idempotency-key"] == key


@pytest.mark.parametrize("way", ["poll", "stream"])
def test_a_task_is_followed_to_its_end_and_its_clip_is_shown(
    form: Page, client: httpx.Client, way: str
) -> None:
    fill_in_the_example(form)
    form.do("click", f"input[name=way][value={way}]")
    send(form)
    form.do("wait", ".outcome .status.succeeded")
    form.do("wait", ".outcome video")
    trail = form.text(".trail")
    assert f"POST {TASKS}" in trail
    if way == "stream":
        assert [word in trail for word in ("1 task.queued", "3 task.succeeded")] == [True, True]
    else:
        assert trail.count(f"GET {TASKS}/") >= 2
        assert "task.queued" not in trail
    form.do("until", "document.querySelector('.outcome video').readyState >= 1")
