"""Whatever is answered or told first, and however fast somebody is, the page comes to the same."""

from collections.abc import Iterator

import httpx
import pytest

from mock_mindvideo import MockServer
from tests.browser.page import Page
from tests.browser.playing import fill_in_the_example
from tests.browser.test_dashboard import opened, show_long_journal, submit
from tests.conftest import TASKS, example

__all__ = ["opened"]

pytestmark = pytest.mark.slow

#: Requests that the page knows of, shown or not.
KNOWN = "import('/_mock/ui/store.js').then(({ state }) => state.journal.length)"

#: The page does not hear of a new address, as if the browser had not come to telling it.
DEAF = "addEventListener('hashchange', (event) => event.stopImmediatePropagation(), true)"

#: What the playground sends and follows.
ORDER = "import('/_mock/ui/playground/sending.js')"

#: A text is typed into a field, and the page is drawn again by something else.
TYPED = """
(async () => {{
  const {{ changed }} = await import("/_mock/ui/store.js");
  const field = document.querySelector("{field}");
  field.value = "{text}";
  field.dispatchEvent(new Event("input", {{ bubbles: true }}));
  changed();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return field.value;
}})()
"""

#: Something is said, and something else before it is gone; what is there when the first would go.
SAID = """
(async () => {
  const { notify, state } = await import("/_mock/ui/store.js");
  const timers = new Map();
  let number = 0;
  const { setTimeout, clearTimeout } = window;
  window.setTimeout = (call) => (timers.set((number += 1), call), number);
  window.clearTimeout = (number) => timers.delete(number);
  const frame = () => new Promise(requestAnimationFrame);
  const seen = () => frame().then(frame);
  notify("one");
  await seen();
  const first = [...timers.keys()];
  notify("other");
  await seen();
  for (const each of first) timers.get(each)?.();
  Object.assign(window, { setTimeout, clearTimeout });
  return [first.length > 0, state.notice];
})()
"""

#: Whatever is added, somebody is at the end of it before the browser has drawn it.
HURRIES = """
(() => {
  const down = () => scrollTo(0, document.body.scrollHeight);
  new MutationObserver(down).observe(document.querySelector(".exchanges"), { childList: true });
  down();
})()
"""


@pytest.fixture
def held(opened: Page) -> Iterator[Page]:
    yield opened
    opened.do("release")


def test_what_is_told_before_the_answer_to_an_earlier_question_is_shown(
    held: Page, mock: MockServer, world: str
) -> None:
    held.do("hold", "answers", "**/_mock/tasks?*")
    other = f"{world[:30]}-2"
    held.show(f"{other}/tasks")
    held.do("held", 1)
    key = {"Authorization": f"Bearer mv_test_{other}"}
    assert httpx.post(f"{mock.url}{TASKS}", json=example(), headers=key).status_code == 200
    held.do("until", f"{KNOWN}.then((count) => count === 1)")
    held.do("release")
    held.do("wait", ".task .status.queued")


def test_what_happens_before_the_stream_is_there_is_shown(
    held: Page, mock: MockServer, client: httpx.Client, world: str
) -> None:
    held.do("goto", "about:blank")
    held.do("hold", "requests", "**/_mock/changes")
    held.do("goto", f"{mock.url}/#/{world}/tasks")
    held.do("wait", "#first")
    submit(client)
    held.do("release")
    held.do("wait", ".task .status.queued")


def test_an_example_is_offered_when_there_is_one(held: Page, mock: MockServer, world: str) -> None:
    held.do("goto", "about:blank")
    held.do("hold", "answers", "**/_mock/models")
    held.do("goto", f"{mock.url}/#/{world}/tasks")
    held.do("wait", "main h2")
    assert not held.do("run", "document.querySelectorAll('#first').length")
    held.do("release")
    held.do("wait", "#first:has-text('wan2-7-r2v')")


def test_a_journal_that_is_held_stays_so_when_everything_is_asked_for_anew(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/journal")
    opened.do("click", "button[aria-pressed=false]")
    submit(client)
    opened.do("wait", "text=1 new")
    opened.do("run", "import('/_mock/ui/following.js').then(({ load }) => load())")
    opened.do("drawn")
    assert opened.do("run", "document.querySelectorAll('.exchange').length") == 0
    opened.do("click", "text=1 new")
    opened.do("until", "document.querySelectorAll('.exchange').length === 1")


@pytest.mark.parametrize("view", ["tasks", "journal", "rules"])
def test_what_is_typed_stays_whatever_is_drawn_meanwhile(
    opened: Page, client: httpx.Client, world: str, view: str
) -> None:
    submit(client)
    opened.do("wait", ".task")
    opened.show(f"{world}/{view}")
    opened.do("wait", "#search")
    opened.do("run", DEAF)
    assert opened.do("run", TYPED.format(field="#search", text="ab")) == "ab"
    assert opened.do("run", TYPED.format(field="#search", text="abc")) == "abc"


def test_one_filter_does_not_undo_another_that_was_not_drawn_yet(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/journal")
    opened.do("wait", "#search")
    opened.do("run", DEAF)
    fields = "[...document.querySelectorAll('input[type=search]')].slice(0, 3)"
    opened.do(
        "run",
        f"""for (const field of {fields}) {{
            field.value = "x";
            field.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }}""",
    )
    assert opened.do("run", "location.hash").endswith("/journal?text=x&path=x&task=x")


def test_each_click_on_the_next_event_leads_to_one(opened: Page, client: httpx.Client) -> None:
    task = submit(client)
    opened.do("wait", ".task .status.queued")
    second = client.get(f"/_mock/tasks/{task}").json()["planned"][1]["at"]
    button = "[...document.querySelectorAll('.clock button')].at(-1)"
    opened.do("run", f"(() => {{ const next = {button}; next.click(); next.click(); }})()")
    opened.do("wait", ".task .status.succeeded")
    assert client.get("/_mock/clock").json()["now"] == second


def test_the_language_that_was_chosen_last_is_spoken_whichever_comes_first(held: Page) -> None:
    held.do("hold", "answers", "**/words/zh.json")
    held.do("choose", ".language select", "zh")
    held.do("held", 1)
    held.do("choose", ".language select", "en")
    held.do("release")
    held.do("drawn")
    assert held.do("run", "document.documentElement.lang") == "en"
    assert "Tasks" in held.text("nav")


def test_a_task_that_is_accepted_when_nobody_looks_any_more_is_not_asked_for(
    held: Page, world: str
) -> None:
    held.show(f"{world}/playground")
    fill_in_the_example(held)
    held.do("hold", "answers", "**/api/v1/tasks")
    held.do("click", "button.send")
    held.do("held", 1)
    held.show(f"{world}/rules")
    held.do("wait", ".behaviours")
    held.do("release")
    held.do("until", f"{ORDER}.then(({{ order }}) => order.task !== null)")
    assert held.do("run", f"{ORDER}.then(({{ order }}) => order.following)") is False
    held.show(f"{world}/playground")
    held.do("wait", ".outcome .status.queued")
    assert held.do("run", f"{ORDER}.then(({{ order }}) => order.following)") is True


def test_a_playground_that_was_left_before_it_was_there_writes_nothing(
    held: Page, world: str
) -> None:
    held.show(f"{world}/playground")
    held.do("wait", ".playground textarea")  # its files are there from now on
    held.show(f"{world}/rules")
    held.do("hold", "answers", "**/_mock/models")
    held.show(f"{world}/playground")
    held.do("held", 1)
    held.show(f"{world}/rules")
    held.do("release")
    held.do("drawn")
    draft = "import('/_mock/ui/playground/draft.js').then(({ draft }) => draft.loaded)"
    assert held.do("run", draft) is False


def test_what_is_said_stays_as_long_as_whatever_was_said_before(opened: Page) -> None:
    assert opened.do("run", SAID) == [True, "other"]


def test_rows_come_as_fast_as_somebody_scrolls(
    opened: Page, client: httpx.Client, world: str
) -> None:
    show_long_journal(opened, client, world, 650)
    opened.do("run", HURRIES)
    opened.do("until", "document.querySelectorAll('.exchange').length === 650")
