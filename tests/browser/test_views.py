"""What each view shows and does, beyond what everybody does with it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_mindvideo.domain.script import WORDS
from mock_mindvideo.platform.data import data_folder
from tests.browser.page import Page
from tests.browser.test_dashboard import opened, show_long_journal, submit
from tests.conftest import TASKS, example

__all__ = ["opened"]

pytestmark = pytest.mark.slow


def count(tab: Page, selector: str) -> int:
    return int(tab.do("run", f"document.querySelectorAll({json.dumps(selector)}).length"))


def test_every_word_of_a_script_is_built_and_said_in_a_sentence(opened: Page, world: str) -> None:
    opened.show(f"{world}/scripts")
    opened.do("click", "summary:has-text('All words')")
    for word in WORDS:
        opened.do("fill", "input[name=script]", "")
        opened.do("click", f".words button:has(code:text-is({json.dumps(word)}))")
        written = opened.do("run", "document.querySelector('input[name=script]').value")
        assert written.partition("=")[0] == word
        fired = written if word not in ("times", "skip", "probability", "method", "path") else (
            f"{written}; status=503"
        )  # fmt: skip
        opened.do("fill", "input[name=script]", fired)
        said = opened.text("#does")
        assert said.endswith(".")
        assert "does." not in said


def test_what_is_built_from_words_is_what_the_mock_takes(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/scripts")
    opened.do("click", ".presets button")
    opened.do("click", "summary:has-text('All words')")
    opened.do("click", ".words button:has(code:text-is('message'))")
    opened.do("click", ".words button:has(code:text-is('times'))")
    opened.do("click", ".words button:has(code:text-is('skip'))")
    opened.do("click", ".builder button")
    opened.do("wait", ".stored code")
    [stored] = client.get("/_mock/scripts").json()["scripts"]
    assert stored["script"] == (
        "outcome=failed; error=content_policy; message=not today; skip=1"
    )  # `times`, which the preset had, was taken out by its second click


@pytest.mark.parametrize("view", ["tasks", "journal", "ledger", "scripts"])
def test_an_empty_view_shows_a_curl_that_fills_it(
    opened: Page, client: httpx.Client, world: str, view: str
) -> None:
    client.post("/_mock/reset", json={})
    opened.show(f"{world}/{view}")
    opened.do("wait", "main pre")
    curl = opened.text("main pre")
    done = subprocess.run(["bash", "-c", curl], capture_output=True, check=True, timeout=120)
    assert b'"error"' not in done.stdout
    opened.do("gone", "main pre.first, #first")
    assert client.get("/_mock/scripts" if view == "scripts" else "/_mock/tasks").json()


def test_what_is_invented_leads_to_its_rule(opened: Page, client: httpx.Client, world: str) -> None:
    client.post(TASKS, json=example(prompt=""))
    opened.show(f"{world}/journal")
    opened.do("click", ".exchange .line")
    opened.do("click", ".problem a.fidelity.invented")
    opened.do("wait", ".behaviours li")
    rule = opened.text(".behaviours li")
    assert "invented" in rule
    assert "chosen for this mock" in rule


def test_the_streams_of_a_task_are_cut_and_marked_on_its_lane(
    opened: Page, client: httpx.Client, world: str
) -> None:
    task = submit(client)
    sse = {"Accept": "text/event-stream"}
    with client.stream("GET", f"{TASKS}/{task}/events", headers=sse) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event")) == "event: task.queued"
        opened.show(f"{world}/tasks/{task}")
        opened.do("click", "text=Cut its streams", "text=1 streams were cut")
        assert not [line for line in lines if line.startswith("event")]
    opened.do("wait", ".lane .mark.cut")


def test_a_request_is_sent_to_the_playground_as_it_was(
    opened: Page, client: httpx.Client, world: str
) -> None:
    client.post(TASKS, json=example(prompt="like before, 图1"))
    opened.show(f"{world}/journal")
    opened.do("click", ".exchange .line")
    opened.do("click", "text=Send to the playground")
    opened.do("wait", "main textarea")
    assert opened.do("run", "document.querySelector('main textarea').value") == "like before, 图1"
    assert "like" not in opened.do("run", "location.href")


def test_more_requests_than_a_page_are_reached_by_scrolling(
    opened: Page, client: httpx.Client, world: str
) -> None:
    show_long_journal(opened, client, world, 450)
    opened.do("run", "window.scrollTo(0, document.body.scrollHeight)")
    opened.do("until", "document.querySelectorAll('.exchange').length === 400")
    opened.do("run", "window.scrollTo(0, document.body.scrollHeight)")
    opened.do("until", "document.querySelectorAll('.exchange').length === 450")
    assert count(opened, ".more") == 0


def test_every_filter_of_the_journal_finds_what_it_names(
    opened: Page, client: httpx.Client, world: str
) -> None:
    task = submit(client, **{"Idempotency-Key": "order-7"})
    client.get(f"{TASKS}/{task}")
    client.post(TASKS, json=example(prompt="a needle 图1"))
    client.post(TASKS, json=example(prompt=""))
    for query, found in {
        "": 4, "status=4": 1, "status=2": 3, "path=task_": 1, f"task={task}": 2,
        "key=order-7": 1, "text=needle": 1, "text=invalid_input": 1, "text=nothing-like-it": 0,
    }.items():  # fmt: skip
        opened.show(f"{world}/journal?{query}")
        opened.do("until", f"document.querySelectorAll('.exchange').length === {found}")


def test_the_axis_of_time_can_be_zoomed_and_moved_and_a_link_keeps_the_view(
    opened: Page, client: httpx.Client, world: str
) -> None:
    submit(client)
    now = client.post("/_mock/clock", json={"advance": 100}).json()["now"]
    width = "document.querySelector('.lane .processing').getBoundingClientRect().width"
    opened.do("wait", ".task .status.succeeded")  # until then, and until it is so late,
    opened.do("wait", f".clock time[datetime='{now}']")  # the axis still grows
    before = opened.do("run", width)
    ticks = opened.text(".ticks")
    opened.do("click", "[aria-label='Earlier']")
    opened.do("click", "[aria-label='Zoom in']")
    opened.do("until", f"{width} > {before} * 1.5")
    assert opened.text(".ticks") != ticks
    assert "from=" in opened.do("run", "location.hash")
    opened.do("click", "[aria-label='Everything']")
    opened.do("until", f"Math.abs({width} - {before}) < 2")


def test_steps_of_the_axis_add_up_however_fast_they_are_asked_for(
    opened: Page, client: httpx.Client
) -> None:
    submit(client)
    opened.do("wait", ".task .status.queued")

    def press(*labels: str) -> list[int]:
        """Press buttons before anything is drawn again; the edges of what is shown then."""
        clicks = [
            f"document.querySelector('[aria-label={json.dumps(it)}]').click()" for it in labels
        ]
        place = "new URLSearchParams(location.hash.split('?')[1])"
        edges = f"['from', 'to'].map((each) => Number({place}.get(each)))"
        return list(opened.do("run", "; ".join([*clicks, edges])))

    first, last = press("Zoom in")
    closer = press("Zoom in", "Zoom in")
    assert closer[1] - closer[0] == pytest.approx((last - first) / 4, abs=2)
    assert press("Later", "Earlier", "Zoom out", "Zoom in") == pytest.approx(closer, abs=4)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A folder of models that overrides the shipped one with a copy."""
    folder = tmp_path / "schemas"
    shutil.copytree(data_folder("schemas") / "models", folder / "models")
    return folder


@pytest.fixture
def edited(schemas: Path, tab: Page) -> Iterator[Page]:
    serve = [sys.executable, "-m", "mock_mindvideo", "serve", "--port", "0"]
    options = ["--schemas", str(schemas), "--log-level", "error"]
    with subprocess.Popen([*serve, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        tab.do("goto", f"{url}/#/default/models")
        tab.do("wait", "main section")
        yield tab
        tab.do("goto", "about:blank")
        tab.do("errors")
        process.terminate()


def test_a_broken_schema_is_told_when_it_is_saved_and_a_changed_one_with_its_difference(
    edited: Page, schemas: Path
) -> None:
    assert edited.text(".drift") == "As shipped with the mock."
    file = schemas / "models" / "wan2-7-r2v" / "input.schema.json"
    good = file.read_text()
    wrong = json.loads(good)
    wrong["properties"]["duration"]["maximum"] = "fifteen"
    file.write_text(json.dumps(wrong))  # of a half of it, something else is told
    edited.do("wait", ".broken:has-text('input.schema.json#/properties/duration/maximum')")
    wrong["properties"]["duration"]["maximum"] = 14
    file.write_text(json.dumps(wrong))
    edited.do("gone", ".broken")
    edited.do("wait", ".drift td")
    assert edited.text(".drift td") == "/input_schema/properties/duration/maximum"
    file.write_text(good)
    edited.do("until", "document.querySelector('.drift').innerText.startsWith('As shipped')")
