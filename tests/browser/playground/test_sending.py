"""What comes of sending: a task, a refusal, a replay; and how it is followed."""

import httpx
import pytest

from tests.browser.page import Page
from tests.browser.playing import at, fill_in_the_example, send, sent
from tests.conftest import TASKS

pytestmark = pytest.mark.slow

REPLAYED = ".outcome p:has-text('Replayed')"

#: Whether the playground asks for its task.
FOLLOWING = "import('/_mock/ui/playground/sending.js').then(({ order }) => order.following)"


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


def test_the_same_input_is_replayed_and_a_changed_one_gets_a_key_of_its_own(
    form: Page, client: httpx.Client
) -> None:
    fill_in_the_example(form)
    send(form)
    form.do("wait", ".outcome .status.succeeded")
    send(form)
    form.do("wait", REPLAYED)
    form.do("fill", at("/duration"), "6")
    send(form)
    form.do("wait", ".outcome .status.succeeded")
    form.do("gone", REPLAYED)
    keys = [dict(map(tuple, each["headers"]))["idempotency-key"] for each in sent(client)]
    assert keys[0] == keys[1] != keys[2]
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 2


def test_a_key_of_ones_own_is_kept_and_its_second_use_is_explained(form: Page) -> None:
    fill_in_the_example(form)
    form.do("fill", "#idempotency-key", "order 1")
    send(form)
    form.do("wait", ".outcome .status.succeeded")
    form.do("fill", at("/duration"), "6")
    assert form.do("run", "document.querySelector('#idempotency-key').value") == "order 1"
    send(form)
    form.do("wait", ".refusal:has-text('idempotency_key_reused')")
    assert "draw a new key" in form.text(".refusal")
    form.do("click", "text=New key")
    send(form)
    form.do("wait", ".outcome .status.succeeded")


def test_the_outcome_is_chosen_and_a_failure_says_what_to_do(
    form: Page, client: httpx.Client
) -> None:
    fill_in_the_example(form)
    form.do("fill", "#script", "delay=0.01")
    form.do("choose", ".script label:has-text('Outcome') select", "policy")
    form.do("choose", ".script label:has-text('Speed') select", "instant")
    send(form)
    form.do("wait", ".outcome .status.failed")
    assert "content_policy" in form.text(".outcome")
    assert "Nothing was charged" in form.text(".outcome")
    headers = dict(map(tuple, sent(client)[0]["headers"]))
    script = "delay=0.01; outcome=failed; error=content_policy; queued=0; processing=0"
    assert headers["x-mock-script"] == script


def test_a_lost_answer_is_told_and_sending_again_finds_the_one_task(
    form: Page, client: httpx.Client
) -> None:
    fill_in_the_example(form)
    form.do("choose", ".script label:has-text('Outcome') select", "lost")
    send(form)
    form.do("wait", ".refusal:has-text('Send it again under the same key')")
    form.do("fill", "#script", "")
    send(form)
    form.do("wait", REPLAYED)
    form.do("wait", ".outcome .status.succeeded")
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 1


def test_a_task_is_asked_for_only_while_somebody_looks(form: Page, world: str) -> None:
    fill_in_the_example(form)
    form.do("choose", ".script label:has-text('Outcome') select", "stuck")
    send(form)
    form.do("wait", f".trail li:has-text('GET {TASKS}')")
    form.show(f"{world}/rules")
    form.do("wait", ".behaviours")
    assert form.do("run", FOLLOWING) is False
    form.show(f"{world}/playground")
    form.do("wait", ".outcome .status")
    assert form.do("run", FOLLOWING) is True
    form.do("click", "text=Stop")
    form.do("gone", "text=Stop")
    assert form.do("run", FOLLOWING) is False


def test_the_way_of_following_can_be_changed_meanwhile(form: Page, client: httpx.Client) -> None:
    client.post("/_mock/clock", json={"progress": "manual"})
    fill_in_the_example(form)
    send(form)
    form.do("wait", f".trail li:has-text('GET {TASKS}')")
    form.do("click", "input[name=way][value=stream]")
    form.do("wait", ".trail li.event:has-text('1 task.queued')")
    client.post("/_mock/clock", json={"advance": 100})
    form.do("wait", ".trail li.event:has-text('3 task.succeeded')")
    form.do("wait", ".outcome .status.succeeded")


def test_a_stream_that_is_cut_goes_on_after_the_last_event(
    form: Page, client: httpx.Client
) -> None:
    fill_in_the_example(form)
    form.do("click", "input[name=way][value=stream]")
    client.post("/_mock/scripts", json={"script": "cut=1"})
    send(form)
    form.do("wait", ".outcome .status.succeeded")
    trail = form.text(".trail")
    assert "Last-Event-ID: 1" in trail
    assert trail.count("task.queued") == 1


def test_enter_sends_nothing_by_accident(form: Page, client: httpx.Client) -> None:
    fill_in_the_example(form)
    form.do("fill", at("/duration"), "6")
    form.do("press", "Enter")
    assert sent(client) == []
    form.do("press", "Control+Enter")
    form.do("wait", ".outcome .status")
    assert len(sent(client)) == 1


@pytest.mark.parametrize(
    ("field", "name"), [("#idempotency-key", "Idempotency-Key"), ("#script", "X-Mock-Script")]
)
def test_what_no_header_can_hold_is_told_and_not_sent(
    form: Page, client: httpx.Client, field: str, name: str
) -> None:
    fill_in_the_example(form)
    form.do("fill", field, "订单 1")
    send(form)
    form.do("wait", f".refusal:has-text('{name} may hold printable ASCII only')")
    assert sent(client) == []
