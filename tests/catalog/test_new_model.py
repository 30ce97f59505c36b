"""A new model is a folder: an image model with most of what JSON Schema can say."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import load
from mock_mindvideo.domain.errors import UnknownModel
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.domain.pricing import text

from .folders import RIGHT, SLUG, changed, load_tiny, write

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "count": {"type": "integer", "minimum": 1, "maximum": 4, "default": 2},
        "colour": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        "frame": {
            "type": "object",
            "required": ["width"],
            "properties": {
                "width": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
                "colour": {"$ref": "#/$defs/colour"},
            },
            "additionalProperties": False,
        },
    },
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string"},
        "n": {"$ref": "#/$defs/count"},
        "resolution": {"enum": ["1K", "2K"], "default": "2K"},
        "style": {
            "oneOf": [
                {"const": "photo"},
                {
                    "type": "object",
                    "required": ["palette"],
                    "properties": {
                        "palette": {
                            "type": "array",
                            "items": {"$ref": "#/$defs/colour"},
                            "minItems": 1,
                        }
                    },
                },
            ]
        },
        "frame": {"$ref": "#/$defs/frame"},
    },
    "additionalProperties": False,
}
PRICES = {
    "currency": "USD",
    "quantity": "n",
    "rates": [
        {"when": {"resolution": "1K"}, "price": "0.0121", "fidelity": "invented"},
        {"when": {"resolution": "2K"}, "price": "0.0243", "fidelity": "documented"},
    ],
    "charge_on": ["succeeded", "failed"],
}
FULL = {
    "prompt": "a cat",
    "n": 3,
    "resolution": "1K",
    "style": {"palette": ["#00ff00"]},
    "frame": {"width": 1.5, "colour": "#ffffff"},
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    files = {"input.schema.json": SCHEMA, "pricing.json": PRICES}
    return load_tiny(write(tmp_path_factory.mktemp("schemas"), **files))


def test_the_folder_alone_adds_the_model_beside_the_packaged_ones(folder):
    catalog = load([folder()])

    assert set(catalog.models) == {*load().models, SLUG}
    assert catalog.model(SLUG).output == "images"


def test_a_later_folder_replaces_the_model_of_an_earlier_one(tmp_path):
    first = write(tmp_path / "first")
    second = write(tmp_path / "second", **changed("model.json", "/title", "Second"))

    assert load([first, second]).model(SLUG).title == "Second"
    assert load([second, first]).model(SLUG).title == RIGHT["model.json"]["title"]


def test_defaults_are_found_through_references(model):
    assert model.defaults == {"n": 2, "resolution": "2K"}


@pytest.mark.parametrize("name", ["a b", "a/b", "a~b", "a%b", "图"])
def test_a_reference_may_be_written_as_a_uri_fragment(folder, name):
    step = quote(escaped(name))
    schema = changed("input.schema.json", "/properties/n", {"$ref": f"#/$defs/{step}"})
    schema["input.schema.json"]["$defs"] = {name: {"type": "integer", "default": 3}}
    tiny = load_tiny(folder(**schema))

    assert tiny.defaults["n"] == 3
    assert [each.keyword for each in tiny.violations({"prompt": "x", "n": "3"})] == ["type"]


def test_a_full_input_is_valid(model):
    assert model.violations(FULL) == ()


@pytest.mark.parametrize(
    ("change", "pointer", "keyword"),
    [
        ({"n": 5}, "/n", "maximum"),
        ({"n": True}, "/n", "type"),
        ({"style": "oil"}, "/style", "oneOf"),
        ({"style": {"palette": []}}, "/style", "oneOf"),
        ({"style": {"palette": ["green"]}}, "/style", "oneOf"),
        ({"frame": {"width": 0}}, "/frame/width", "exclusiveMinimum"),
        ({"frame": {"width": 0.3}}, "/frame/width", "multipleOf"),
        ({"frame": {}}, "/frame", "required"),
        ({"frame": {"width": 1, "colour": "#FFFFFF"}}, "/frame/colour", "pattern"),
        ({"frame": {"width": 1, "depth": 2}}, "/frame", "additionalProperties"),
        ({"size": "1:1"}, "", "additionalProperties"),
    ],
)
def test_a_broken_rule_is_told_where_it_is_broken(model, change, pointer, keyword):
    broken = model.violations(FULL | change)

    assert [(each.pointer, each.keyword) for each in broken] == [(pointer, keyword)]


@given(n=st.integers(1, 4), resolution=st.sampled_from(["1K", "2K"]))
def test_the_price_is_the_number_of_images_times_the_rate(model, n, resolution):
    price = {"1K": Decimal("0.0121"), "2K": Decimal("0.0243")}[resolution]

    assert model.estimate({"prompt": "a cat", "n": n, "resolution": resolution}) == n * price
    assert text(model.estimate({"prompt": "a cat"})) == "0.0486"


def test_what_is_charged_is_as_the_price_file_says(model):
    assert model.pricing.charge_on == ("succeeded", "failed")


def test_an_unknown_model_is_told_those_that_are_there(folder):
    catalog = load([folder()])
    with pytest.raises(UnknownModel) as refused:
        catalog.model("tiny-imag")

    assert str(refused.value) == f"no model 'tiny-imag'; there are: {SLUG}, wan2-7-r2v"


def test_rules_of_a_title_are_told_by_it_and_upstream_ones_only_when_strict(folder):
    rules = {"title": "a dog needs n", "if": {"properties": {"prompt": {"const": "a dog"}}}}
    upstream = {"properties": {"n": {"title": "more than two are slow", "maximum": 2}}}
    tiny = load_tiny(
        folder(
            **{
                "rules.schema.json": {"allOf": [rules | {"then": {"required": ["n"]}}]},
                "upstream.schema.json": upstream,
            }
        )
    )

    assert tiny.violations({"prompt": "a dog", "n": 3}) == ()
    assert list(tiny.advice({"prompt": "a dog", "n": 3})) == ["more than two are slow"]
    (strict,) = tiny.violations({"prompt": "a dog", "n": 3}, strict=True)
    assert strict.message == "more than two are slow"
    (broken,) = tiny.violations({"prompt": "a dog"})
    assert broken.schema_pointer == "rules.schema.json#/allOf/0/then/required"
