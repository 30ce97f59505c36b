"""The page, as a person uses it: what it shows, and what its buttons do."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.driving import PageError
from tests.browser.page import Page
from tests.conftest import AUTH, TASKS, example

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(mock: MockServer, tab: Page, world: str) -> Iterator[Page]:
    """The page on the test's world; it heard no error at the end."""
    tab.do("size", 1280, 800)
    tab.do("goto", "about:blank")
    tab.do("asked"), tab.do("errors")
    tab.do("goto", f"{mock.url}/#/{world}/tasks")
    tab.do("wait", "main h2")
    yield tab
    errors = [each for each in tab.do("errors") if "Failed to load resource" not in each]
    assert errors == []


def show_long_journal(tab: Page, client: httpx.Client, world: str, requests: int) -> None:
    """A journal of more requests than a page has, and its first page."""
    for _ in range(requests):
        client.get(f"{TASKS}/task_nobody")
    tab.show(f"{world}/journal")
    tab.do("until", "document.querySelectorAll('.exchange').length === 200")


def submit(client: httpx.Client, **headers: str) -> str:
    task_id: str = client.post(TASKS, json=example(), headers=headers).json()["task_id"]
    return task_id


def test_an_empty_world_shows_a_curl_that_makes_a_task(opened: Page, client: httpx.Client) -> None:
    text = opened.text("#first")
    assert text.startswith("curl -X POST http://127.0.0.1:")
    assert client.headers["authorization"].split()[1] in text


def test_the_page_asks_nobody_but_the_mock(
    opened: Page, mock: MockServer, client: httpx.Client
) -> None:
    submit(client)
    opened.do("wait", ".task")
    asked = opened.do("asked")
    assert len(asked) > 10
    assert {each.split("/")[2] for each in asked} == {mock.url.split("/")[2]}
    secret = client.headers["authorization"].split()[1]
    assert not any(secret in each for each in asked)


def test_a_task_that_is_made_elsewhere_appears_and_changes_by_itself(
    opened: Page, client: httpx.Client
) -> None:
    submit(client)
    opened.do("wait", ".task .status.queued")
    opened.do("wait", ".lane .planned")
    client.post("/_mock/clock", json={"advance": 5})
    opened.do("wait", ".task .status.processing")
    client.post("/_mock/clock", json={"advance": 100})
    opened.do("wait", ".task .status.succeeded")


def test_the_buttons_of_time_move_it(opened: Page, client: httpx.Client) -> None:
    submit(client)
    opened.do("wait", ".task .status.queued")
    opened.do("click", "text=To next event")
    opened.do("wait", ".task .status.processing")
    opened.do("click", "text=+10 s")
    opened.do("wait", ".task .status.succeeded")
    assert client.get("/_mock/clock").json()["now"] == "2026-01-01T00:00:12.000Z"
    opened.do("click", "text=Run time")
    opened.do("wait", "text=Pause time")
    assert client.get("/_mock/clock").json()["progress"] == "time"


def test_a_task_is_made_to_fail_and_says_why(opened: Page, client: httpx.Client) -> None:
    task_id = submit(client)
    opened.do("click", ".task")
    opened.do("fill", "input[name=code]", "content_policy")
    opened.do("fill", "input[name=message]", "no <b>kittens</b>")
    opened.do("click", "button.danger")
    opened.do("wait", "h2 .status.failed")
    opened.do("until", "document.querySelector('main').innerText.includes('no <b>kittens</b>')")
    assert task_id in opened.do("run", "location.hash")
    assert client.get(f"{TASKS}/{task_id}").json()["error"]["code"] == "content_policy"


def test_the_result_of_a_task_plays(opened: Page, client: httpx.Client) -> None:
    task_id = submit(client)
    client.post(f"/_mock/tasks/{task_id}/succeed")
    opened.show(f"{client.headers['authorization'].split('mv_test_')[1]}/tasks/{task_id}")
    opened.do("until", "document.querySelector('video')?.readyState >= 1")
    assert opened.do("run", "document.querySelector('video').videoWidth") > 0


def test_a_request_is_copied_as_a_curl_that_works_when_it_is_pasted(
    opened: Page, client: httpx.Client, world: str
) -> None:
    submit(client)
    opened.show(f"{world}/journal")
    opened.do("click", ".exchange .line")
    opened.do("click", "text=Copy as curl", "text=Copied as curl")
    copied = opened.do("clipboard")
    done = subprocess.run(["bash", "-c", copied], capture_output=True, check=True, timeout=120)
    assert b'"task_id"' in done.stdout
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 2


def test_two_requests_under_one_key_are_shown_with_their_difference(
    opened: Page, client: httpx.Client, world: str
) -> None:
    submit(client, **{"Idempotency-Key": "order-1"})
    client.post(TASKS, json=example(prompt="another 图1"), headers={"Idempotency-Key": "order-1"})
    opened.show(f"{world}/journal?status=4")
    opened.do("click", ".exchange .line")
    pair = opened.text(".pair")
    assert "/input/prompt" in pair
    assert "another 图1" in pair


def test_what_comes_while_the_journal_is_held_is_counted_and_shown_then(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/journal")
    opened.do("click", "button[aria-pressed=false]")
    for _ in range(3):
        submit(client)
    opened.do("wait", "text=3 new")
    assert opened.do("run", "document.querySelectorAll('.exchange').length") == 0
    opened.do("click", "text=3 new")
    opened.do("until", "document.querySelectorAll('.exchange').length === 3")


def test_a_link_shows_the_same_view_to_who_gets_it(
    opened: Page, mock: MockServer, client: httpx.Client, world: str
) -> None:
    submit(client, **{"X-Mock-Script": "outcome=failed"})
    submit(client)
    client.post("/_mock/clock", json={"advance": 100})
    opened.do("goto", "about:blank")
    opened.do("goto", f"{mock.url}/_mock/ui/#/{world}/tasks?status=failed")
    opened.do("wait", ".task .status.failed")
    assert opened.do("run", "document.querySelectorAll('.task').length") == 1


def test_scripts_keys_money_and_rules_are_shown_and_changed(
    opened: Page, client: httpx.Client, world: str
) -> None:
    opened.show(f"{world}/scripts")
    opened.do("fill", "input[name=script]", "status=503; times=1")
    opened.do("click", ".builder button")
    opened.do("wait", "td code")
    assert client.post(TASKS, json=example()).status_code == 503
    opened.show(f"{world}/keys")
    opened.do("click", "text=Create a key")
    opened.do("wait", ".secret code")
    assert opened.text(".secret code").startswith("mv_live_")
    opened.show(f"{world}/ledger")
    opened.do("fill", "input[name=credit]", "2.5")
    opened.do("click", "main form button")
    opened.do("until", "document.querySelector('.sums').innerText.includes('2.5')")
    opened.show(f"{world}/rules")
    opened.do("wait", ".behaviours li")


def test_a_wrong_script_is_refused_in_the_mocks_own_words(opened: Page, world: str) -> None:
    opened.show(f"{world}/scripts")
    opened.do("fill", "input[name=script]", "outcom=failed")
    opened.do("click", ".builder button")
    opened.do("wait", ".told .problem")
    assert "outcome" in opened.text(".told")


def test_another_world_is_chosen_with_its_tasks(
    opened: Page, mock: MockServer, client: httpx.Client, world: str
) -> None:
    submit(client)
    other = {"Authorization": f"Bearer mv_test_{world}-2"}
    for _ in range(2):
        httpx.post(f"{mock.url}{TASKS}", json=example(), headers=other)
    opened.do("goto", "about:blank")
    opened.do("goto", f"{mock.url}/#/{world}/tasks")
    opened.do("wait", ".task")
    opened.do("choose", "#world", f"{world}-2")
    opened.do("until", "document.querySelectorAll('.task').length === 2")


def test_the_keyboard_searches_and_walks(opened: Page, client: httpx.Client) -> None:
    for _ in range(3):
        submit(client)
    opened.do("until", "document.querySelectorAll('.task').length === 3")
    opened.do("press", "j"), opened.do("press", "j")
    focused = "[...document.querySelectorAll('.task')].indexOf(document.activeElement)"
    assert opened.do("run", focused) == 1
    opened.do("press", "k")
    assert opened.do("run", focused) == 0
    opened.do("press", "/")
    assert opened.do("run", "document.activeElement.id") == "search"
    opened.do("press", "Escape")
    opened.do("press", "?")
    opened.do("wait", ".help")


def test_a_lost_connection_is_shown_and_mended(tab: Page) -> None:
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as first:
        tab.do("goto", f"{first.url}/")
        tab.do("wait", "#first")
        port = int(first.url.rpartition(":")[2])
    tab.do("wait", "text=The connection to the mock is lost")
    with MockServer(replace(settings, port=port)) as again:
        tab.do("gone", "text=The connection to the mock is lost")
        with httpx.Client(base_url=again.url, headers=AUTH) as client:
            submit(client)
        tab.do("wait", ".task .status.queued")
        tab.do("goto", "about:blank")
    tab.do("errors")


def test_the_page_speaks_chinese(opened: Page) -> None:
    opened.do("choose", ".language select", "zh")
    opened.do("wait", "nav a:has-text('任务')")
    assert opened.do("run", "document.documentElement.lang") == "zh-CN"
    opened.do("choose", ".language select", "en")
    opened.do("wait", "nav a:has-text('Tasks')")


def test_ten_thousand_tasks_are_grouped_and_a_thousand_scroll(
    opened: Page, mock: MockServer, client: httpx.Client, world: str
) -> None:
    kept = mock.app.worlds.open(world)
    order = mock.app.service.orders.order(example())
    for _ in range(1000):
        mock.app.service.submit(kept, order)
    opened.do("goto", "about:blank")
    opened.do("goto", f"{mock.url}/#/{world}/tasks")
    opened.do("wait", ".task")
    assert opened.do("run", "document.querySelectorAll('.task').length") < 100
    first = opened.do("run", "document.querySelector('.task').href")
    opened.do("run", "document.querySelector('.rows').scrollTop = 20000")
    opened.do(
        "until", f"![null, {first!r}].includes(document.querySelector('.task')?.href ?? null)"
    )
    assert opened.do("run", "document.querySelectorAll('.task').length") > 10
    for _ in range(1500):
        mock.app.service.submit(kept, order)
    opened.do("goto", "about:blank")
    opened.do("goto", f"{mock.url}/#/{world}/tasks")
    opened.do("wait", ".groups")


def test_the_driver_tells_what_fails(tab: Page) -> None:
    with pytest.raises(PageError):
        tab.do("run", "nobody()")
