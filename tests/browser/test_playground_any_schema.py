"""Whatever the schema and whatever the value: the form shows it and gives it back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page
from tests.browser.playing import leaves
from tests.contract.drift.test_pairs import schemas, values
from tests.effort import examples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(Settings(port=0, progress="manual", log_level="warning")) as running:
        yield running


@pytest.fixture(scope="module")
def form(mock: MockServer, tab: Page) -> Page:
    tab.do("goto", f"{mock.url}/#/any/playground")
    tab.do("wait", ".playground .field")
    tab.do("errors")
    return tab


#: Another model, and an input for it; the value once it is drawn, and the places that have a field.
SHOW = """
(async () => {
  const { draft, choose } = await import("/_mock/ui/playground/draft.js");
  const { read, write } = await import("/_mock/ui/playground/json.js");
  draft.models = [{ slug: "drawn", title: "Drawn", input_schema: read(SCHEMA) }];
  draft.model = "drawn";
  choose("drawn", read(VALUE));
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await drawn();
  await drawn();
  const fields = [...document.querySelectorAll(".draft [id]")].map((each) => each.id);
  return { value: write(draft.input), fields, text: document.querySelector(".draft").innerText };
})()
"""


@settings(max_examples=examples(200))
@given(schemas(), values())
def test_any_form_shows_any_value_and_keeps_it(form: Page, schema: Any, value: Any) -> None:
    """A value that no control fits is JSON text, at its own place or around it."""
    whole, given = {"type": "object", "properties": {"it": schema}}, {"it": value}
    code = SHOW.replace("SCHEMA", json.dumps(json.dumps(whole)))
    shown = form.do("run", code.replace("VALUE", json.dumps(json.dumps(given))))
    assert form.do("errors") == []
    assert json.loads(shown["value"]) == given
    for pointer in leaves(given):
        around = pointer.split("/")
        places = ["f" + "/".join(around[:count]) for count in range(2, len(around) + 1)]
        assert any(place in shown["fields"] for place in places), (pointer, shown)
