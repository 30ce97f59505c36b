"""What a test does in the playground."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from mock_mindvideo.domain.pointer import escaped
from tests.browser.page import Page
from tests.conftest import TASKS


def at(pointer: str) -> str:
    """The control of a place in the input."""
    return f'[id="f{pointer}"]'


def settled(form: Page) -> None:
    """The mock has said what it thinks of the draft as it is."""
    form.do("until", "!document.querySelector('.price').hasAttribute('aria-busy')")


def input_of(form: Page) -> Any:
    """The input as the JSON editor shows it; the form is shown again."""
    form.do("click", "button.raw")
    form.do("wait", "#input-json")
    text = form.do("run", "document.querySelector('#input-json').value")
    form.do("click", "button.raw")
    form.do("gone", "#input-json")
    return json.loads(text)


def leaves(value: Any, pointer: str = "") -> Iterator[str]:
    """The places of everything that holds nothing more."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(each, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from leaves(each, f"{pointer}/{index}")
    else:
        yield pointer


def sent(client: httpx.Client) -> list[dict[str, Any]]:
    """The submits that came, oldest first."""
    requests = client.get("/_mock/requests").json()["requests"]
    return [each for each in requests if each["method"] == "POST" and each["path"] == TASKS]


def send(form: Page) -> None:
    form.do("click", "button.send")


def fill_in_the_example(form: Page) -> None:
    form.do("click", "text=Fill in the example")
    form.do("wait", at("/image_with_roles/0/url"))
