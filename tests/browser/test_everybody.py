"""The page is for everybody: by screen reader, by keyboard, in the dark, at any width."""

from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from mock_mindvideo import MockServer
from tests.browser.page import PACKAGES, Page
from tests.conftest import AUTH, TASKS, example
from tests.npm import npm_folder

pytestmark = pytest.mark.slow

#: Each view as somebody may have it before them: where it is, what is clicked there, what shows.
VIEWS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "tasks": ("tasks", (), ".task"),
    "tasks of one state": ("tasks?status=failed", (), ".task"),
    "an empty list": ("tasks?text=nobody", (), ".rows"),
    "a task that failed": ("tasks/{failed}", (".exchange .line", ".opened summary"), ".opened pre"),
    "a task on its way": ("tasks/{waiting}", ("section summary",), "button.danger"),
    "a result": ("tasks/{succeeded}", (), "video"),
    "journal": ("journal", (), ".exchange"),
    "a request": ("journal?status=422", (".exchange .line",), ".problem"),
    "a pair of requests": ("journal?status=409", (".exchange .line",), ".pair"),
    "a journal that is held": ("journal", ("button[aria-pressed]",), "button[aria-pressed=true]"),
    "scripts": ("scripts", (".presets button", "main summary"), ".words button"),
    "ledger": ("ledger", (), ".balance"),
    "keys": ("keys", ("main p button",), ".secret"),
    "models": ("models", ("main details:nth-of-type(2) summary",), "details[open] pre"),
    "rules": ("rules", (), ".behaviours li"),
    "playground": ("playground", ("main details summary",), "main textarea"),
    "help": ("tasks", ("nav button",), ".help"),
    "an empty world": ("/nothing/tasks", (), "#first"),
}


@pytest.fixture(scope="module")
def known(mock: MockServer) -> dict[str, str]:
    """A world with something of everything; the ids of its tasks by what became of them."""
    with httpx.Client(base_url=mock.url, headers=AUTH) as client:
        order = {"Idempotency-Key": "order-1"}
        failing = {"X-Mock-Script": "outcome=failed; error=content_policy"}
        found = {
            "succeeded": client.post(TASKS, json=example(), headers=order).json()["task_id"],
            "failed": client.post(TASKS, json=example(), headers=failing).json()["task_id"],
        }
        client.post(TASKS, json=example(prompt="other"), headers=order)
        client.post(TASKS, json=example(), headers=order)
        client.post(TASKS, json=example(prompt=""))
        with suppress(httpx.RemoteProtocolError):
            client.post(TASKS, json=example(), headers={"X-Mock-Script": "drop@after-commit"})
        client.get(f"{TASKS}/{found['succeeded']}/events", headers={"Accept": "application/json"})
        client.post("/_mock/clock", json={"advance": 100})
        client.post("/_mock/scripts", json={"script": "status=429; retry-after=3; times=2"})
        client.post("/_mock/scripts", json={"script": "outcome=stuck; skip=9"})
        stuck = client.post("/_mock/provider-states", json={"state": "a task"}).json()
        return {**found, "waiting": stuck["task_id"]}


def visit(tab: Page, mock: MockServer, known: dict[str, str], view: str) -> None:
    """Have a view before oneself, from nothing."""
    place, clicks, shown = VIEWS[view]
    world = "" if place.startswith("/") else "/default/"
    tab.do("goto", "about:blank")
    tab.do("goto", f"{mock.url}/#{world}{place.format(**known)}")
    for selector in clicks:
        tab.do("click", selector)
    tab.do("wait", shown)


def serious(tab: Page) -> list[tuple[str, list[str]]]:
    """What axe finds that keeps somebody out."""
    tab.do("script", Path(npm_folder(*PACKAGES), "node_modules/axe-core/axe.min.js").read_text())
    found = tab.do("run", "axe.run().then((found) => found.violations)")
    return [
        (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("en", True), ("zh", False)])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(
    mock: MockServer, known: dict[str, str], tab: Page, view: str, language: str, dark: bool
) -> None:
    tab.do("size", 1280, 800)
    tab.do("dark", dark)
    tab.do("goto", f"{mock.url}/_mock/ui/icon.svg")
    tab.do("run", f"localStorage.setItem('language', '{language}')")
    visit(tab, mock, known, view)
    assert serious(tab) == []
    tab.do("run", "localStorage.clear()")
    tab.do("dark", False)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_stands_out_at_any_width(
    mock: MockServer, known: dict[str, str], tab: Page, view: str
) -> None:
    tab.do("size", 1280, 900)
    visit(tab, mock, known, view)
    for width in (320, 768, 3840):
        tab.do("size", width, 900)
        beyond = tab.do("run", "document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, width


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_is_reached_by_the_keyboard_and_has_a_name(
    mock: MockServer, known: dict[str, str], tab: Page, view: str
) -> None:
    """Axe finds fields without a name; this finds what only a mouse can use."""
    tab.do("size", 1280, 800)
    visit(tab, mock, known, view)
    controls = "a[href], button:not(:disabled), input, select, textarea, summary"
    unreachable = tab.do(
        "run",
        f"""[...document.querySelectorAll("{controls}")]
            .filter((each) => each.checkVisibility() && each.tabIndex < 0 && each.type !== "radio")
            .map((each) => each.outerHTML.slice(0, 100))""",
    )
    assert unreachable == []
