"""Schemas that other form generators were reported to break on: each is shown, and its value kept.

The files in `forms/` are small schemas of our own after public reports, which `seen` names. An edit
is a deed and a place, which is a JSON Pointer, with `?…` for a control beside the field itself.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page
from tests.browser.playing import at, input_of, leaves

pytestmark = pytest.mark.slow

FORMS: Mapping[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text())
    for file in sorted((Path(__file__).parent / "forms").glob("*.json"))
}


def write_model(folder: Path, slug: str, schema: Any, example: Any) -> None:
    """A model that is nothing but its schema."""
    place = folder / "models" / slug
    place.mkdir(parents=True)
    about = {"slug": slug, "title": slug, "output": "videos", "example": example}
    rate = {"when": {}, "price": "1", "fidelity": "invented"}
    prices = {"currency": "USD", "quantity": None, "rates": [rate], "charge_on": ["succeeded"]}
    for name, content in (("model", about), ("input.schema", schema), ("pricing", prices)):
        (place / f"{name}.json").write_text(json.dumps(content))


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    folder = tmp_path_factory.mktemp("forms")
    for slug, form in FORMS.items():
        write_model(folder, slug, form["schema"], form["value"])
    settings = Settings(port=0, progress="polls", seed=7, schemas=(folder,), log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture
def form(mock: MockServer, tab: Page, name: str) -> Iterator[Page]:
    """The playground with the value of a form in it; it heard no error."""
    tab.do("goto", f"{mock.url}/#/forms/rules")
    tab.do("wait", ".behaviours")
    kept = json.dumps({"model": name, "input": FORMS[name]["value"]})
    tab.do("run", f"sessionStorage.setItem('playground', {json.dumps(kept)})")
    tab.do("errors")
    tab.show("forms/playground")
    tab.do("wait", ".playground .draft .field")
    yield tab
    assert tab.do("errors") == []
    tab.do("run", "sessionStorage.clear()")


def edit(form: Page, deed: str, place: str, *given: str) -> None:
    control = at(place)
    if deed == "choose":
        form.do("choose", control, {"label": given[0]})
    elif deed == "retype":  # key by key, as a person does
        form.do("fill", control, "")
        form.do("type", control, *given)
    elif deed == "rename":
        form.do("fill", at(f"{place}?called"), *given)
        form.do("press", "Tab")
    elif deed == "tick":
        form.do("click", f"{control} label:has-text('{given[0]}')")
    elif deed == "absent":
        form.do("gone", control)
    elif deed == "disabled":
        form.do("wait", f"{control}:disabled")
    else:
        form.do(deed, control, *given)


def same(one: Any, other: Any) -> bool:
    """Equal down to how numbers are written."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_shows_every_value_and_gives_it_back_unchanged(form: Page, name: str) -> None:
    case = FORMS[name]
    raw = case.get("raw", ())
    for pointer in leaves(case["value"]):
        if not any(pointer.startswith(each) for each in raw):
            form.do("wait", at(pointer))
    assert not form.do("run", "document.querySelectorAll('textarea.json').length")
    for control, label in case.get("shows", {}).items():
        chosen = f"document.querySelector('{at(control)}').selectedOptions[0].text"
        assert form.do("run", chosen) == label
    assert same(input_of(form), case["value"])


@pytest.mark.parametrize("name", FORMS)
def test_a_form_makes_another_valid_value(form: Page, name: str) -> None:
    case = FORMS[name]
    for each in case["edits"]:
        edit(form, *each)
    form.do("wait", ".price:not([aria-busy]) output")
    assert same(input_of(form), case["becomes"])
    assert "USD" in form.text(".price"), form.text(".price")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_starts_over_holds_no_more_than_its_schema_says(form: Page, name: str) -> None:
    form.do("click", "text=Start over")
    form.do("wait", ".price:not([aria-busy])")
    begun = input_of(form)
    assert isinstance(begun, dict)
    assert len(json.dumps(begun)) < 200
