"""What is answered, drawn or seen late is shown as it is by then: nothing older comes over it."""

import json

import httpx
import pytest

from tests.browser.page import Page
from tests.browser.playing import at, fill_in_the_example, send, settled
from tests.browser.test_dashboard import opened, submit
from tests.browser.test_in_any_order import held
from tests.conftest import TASKS

__all__ = ["held", "opened"]

pytestmark = pytest.mark.slow

#: The first answers from a path are read, and told when a test lets each of them go.
LATE = """
(() => {
  const real = window.fetch;
  window.late = [];
  window.fetch = async (url, init) => {
    const answer = await real(url, init);
    if (!String(url).includes(PATH) || window.late.length >= COUNT) return answer;
    const told = new Response(await answer.text(), { status: answer.status });
    await new Promise((go) => window.late.push(go));
    return told;
  };
})()
"""

#: Frames and timers come when a test lets them.
STILL = """
(async () => {
  const { notify, state } = await import("/_mock/ui/store.js");
  const [frames, timers] = [[], []];
  const run = (waiting) => { for (const each of waiting.splice(0)) each(); };
  const { requestAnimationFrame, setTimeout } = window;
  window.requestAnimationFrame = (call) => frames.push(call);
  window.setTimeout = (call) => timers.push(call);
  const seen = [];
  notify("done");
  for (const next of [timers, frames, timers, frames, timers]) {
    await new Promise((soon) => setTimeout(soon));
    run(next);
    seen.push(state.notice);
  }
  Object.assign(window, { requestAnimationFrame, setTimeout });
  return seen;
})()
"""

ENTRIES = "import('/_mock/ui/store.js').then(({ state }) => state.ledger.entries.length)"


def late(tab: Page, path: str, count: int) -> None:
    tab.do("run", LATE.replace("PATH", json.dumps(path)).replace("COUNT", str(count)))


def let_go(tab: Page, number: int) -> None:
    """Let one of the late answers come, and the page draw what it makes of it."""
    tab.do("run", f"window.late[{number}]()")
    tab.do("drawn")


def test_what_is_said_stays_until_it_was_seen_however_late_it_is_drawn(opened: Page) -> None:
    assert opened.do("run", STILL) == ["done"] * 4 + [""]


def test_a_look_from_before_a_reset_does_not_come_over_what_is_there_since(
    opened: Page, client: httpx.Client
) -> None:
    late(opened, "_mock/ledger", 1)
    submit(client)
    opened.do("until", "window.late.length === 1")
    client.post("/_mock/reset", json={})
    opened.do("wait", "#first")
    let_go(opened, 0)
    assert opened.do("run", ENTRIES) == 0


def test_what_changes_faster_than_it_is_answered_is_shown_all_the_same(
    opened: Page, client: httpx.Client
) -> None:
    late(opened, "_mock/ledger", 2)
    submit(client)
    opened.do("until", "window.late.length === 1")
    submit(client)
    opened.do("until", "window.late.length === 2")
    let_go(opened, 0)
    assert opened.do("run", ENTRIES) == 1
    let_go(opened, 1)
    assert opened.do("run", ENTRIES) == 2


def test_a_held_journal_shows_nothing_new_when_more_is_asked_for_than_a_page(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/journal")
    opened.do("click", "button[aria-pressed=false]")
    for _ in range(210):
        client.get(f"{TASKS}/task_nobody")
    opened.do("wait", "text=210 new")
    opened.do("run", "import('/_mock/ui/following.js').then(({ load }) => load())")
    opened.do("drawn")
    assert opened.do("run", "document.querySelectorAll('.exchange').length") == 0
    opened.do("click", "text=210 new")
    known = "import('/_mock/ui/store.js').then(({ state }) => state.journal.length)"
    assert opened.do("run", known) == 210


def test_a_look_at_the_files_that_is_answered_late_shows_nothing_older(opened: Page) -> None:
    late(opened, "_mock/health", 1)
    looks = "import('/_mock/ui/store.js').then(({ lookAtFiles }) => lookAtFiles())"
    opened.do("run", f"void {looks}")
    opened.do("until", "window.late.length === 1")
    broken = "import('/_mock/ui/store.js').then(({ state }) => state.broken"
    opened.do("run", looks)
    opened.do("run", f"{broken} = 'told by the later look')")
    let_go(opened, 0)
    assert opened.do("run", f"{broken})") == "told by the later look"


def test_a_refusal_of_what_was_sent_marks_nothing_in_what_was_written_since(
    held: Page, world: str
) -> None:
    held.show(f"{world}/playground")
    fill_in_the_example(held)
    held.do("fill", at("/duration"), "99")
    held.do("hold", "answers", "**/api/v1/tasks")
    send(held)
    held.do("held", 1)
    held.do("fill", at("/duration"), "9")
    settled(held)
    held.do("release")
    held.do("wait", ".refusal:has-text('invalid_input')")
    held.do("drawn")
    marked = "[...document.querySelectorAll('[aria-invalid=true]')].map((each) => each.id)"
    assert held.do("run", marked) == []
