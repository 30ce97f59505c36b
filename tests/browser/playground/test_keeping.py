"""What is filled in outlives a reload, comes from a recorded request, and leaves as a program."""

import json
from pathlib import Path

import httpx
import pytest

from mock_mindvideo import MockServer
from tests.browser.page import Page
from tests.browser.playing import at, fill_in_the_example, input_of, send, settled
from tests.conftest import TASKS, example

pytestmark = pytest.mark.slow

#: The answer to an upload was read.
ARRIVED = """
performance.getEntriesByType('resource').some((each) => each.name.endsWith('/_mock/uploads'))
"""


def test_the_draft_outlives_a_reload_and_stands_in_no_address(
    form: Page, mock: MockServer, client: httpx.Client
) -> None:
    form.do("fill", at("/prompt"), "a secret prompt")
    settled(form)
    send(form)
    form.do("wait", ".refusal")
    form.do("reload")
    form.do("until", f"document.querySelector('{at('/prompt')}')?.value === 'a secret prompt'")
    secret = client.headers["authorization"].split()[1]
    asked = form.do("asked")
    assert any(each.endswith("/_mock/estimate") for each in asked)
    assert not any(secret in each or "secret" in each for each in asked)


def test_a_recorded_request_is_sent_to_the_playground(
    form: Page, client: httpx.Client, world: str
) -> None:
    body = example(prompt="private words", duration=9)
    client.post(TASKS, json=body, headers={"X-Mock-Script": "outcome=stuck"})
    form.show(f"{world}/journal")
    form.do("click", ".exchange .line:has-text('POST')")
    form.do("click", "text=Send to the playground")
    form.do("until", f"document.querySelector('{at('/prompt')}')?.value === 'private words'")
    assert input_of(form) == body["input"]
    assert form.do("run", "document.querySelector('#script').value") == "outcome=stuck"
    assert "private" not in form.do("run", "location.href")


@pytest.mark.parametrize("meanwhile", ["another request", "opened again"])
def test_a_file_that_arrives_late_is_written_into_the_draft_it_was_chosen_for_alone(
    form: Page, client: httpx.Client, world: str, tmp_path: Path, meanwhile: str
) -> None:
    picture = tmp_path / "late.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    client.post(TASKS, json=example(prompt="handed over, 图1"))
    form.do("hold", "answers", "**/_mock/uploads")
    form.do("files", "[id='f/image_with_roles?file']", str(picture))
    form.do("held", 1)
    form.show(f"{world}/journal")
    if meanwhile == "another request":
        form.do("click", ".exchange .line:has-text('POST')")
        form.do("click", "text=Send to the playground")
    else:
        form.show(f"{world}/playground")
    form.do("wait", at("/prompt"))
    before = input_of(form)
    form.do("release")
    form.do("until", ARRIVED)
    settled(form)
    assert input_of(form) == before


def test_a_copied_program_holds_the_key_only_where_it_is_asked_for(
    form: Page, client: httpx.Client
) -> None:
    secret = client.headers["authorization"].split()[1]
    fill_in_the_example(form)
    for language in ("curl", "Python", "TypeScript", "Go"):
        form.do("click", f".programs button:text-is('{language}')")
        form.do("click", ".programs .copy", f"text=Copied as {language}")
        assert secret in form.do("clipboard")
    form.do("check", ".programs input[type=checkbox]", False)
    form.do("click", ".programs .copy")
    clipboard = "navigator.clipboard.readText()"
    form.do("until", f"{clipboard}.then((text) => text.includes('MINDVIDEO_API_KEY'))")
    assert secret not in form.do("clipboard")


def test_each_model_has_an_address_and_keeps_the_input_that_was_written_for_it(
    form: Page, world: str
) -> None:
    form.do("fill", at("/prompt"), "mine")
    form.show(f"{world}/playground/other")
    form.do("gone", at("/prompt"))
    chosen = "document.querySelector('#model').selectedOptions[0].text"
    assert form.do("run", chosen) == "other (unknown here)"
    form.show(f"{world}/models")
    form.do("click", "text=Try it in the playground")
    form.do("until", f"document.querySelector('{at('/prompt')}')?.value === 'mine'")
    assert form.do("run", "location.hash") == f"#/{world}/playground/wan2-7-r2v"


def test_a_long_input_is_written_and_copied_whole(form: Page) -> None:
    form.do("click", "button.raw")
    form.do("fill", "#input-json", json.dumps({"prompt": "x" * 3_000_000, "duration": 4}))
    form.do("click", "button.raw")
    form.do("fill", at("/duration"), "5")
    settled(form)
    form.do("wait", "text=over the limit of 5000 characters by 2995000")
    form.do("click", ".programs .copy", "text=Copied as curl")
    assert len(form.do("clipboard")) > 3_000_000
    assert len(form.text(".programs pre")) < 30_000
