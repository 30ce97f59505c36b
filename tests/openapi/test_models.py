"""A model of any shape stands in the document as its files have it."""

import json
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.catalog import Catalog, builtin_catalog, load
from mock_mindvideo.web.openapi import openapi
from mock_mindvideo.web.openapi.relocation import relocated
from tests.openapi.conftest import ORIGIN
from tests.openapi.contract import Contract

SLUG = "puppet-2.1"

INPUT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://example.com/puppet.json",
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string", "minLength": 1, "x-playground": {"rows": 6}},
        "ratio": {"$ref": "#/$defs/ratio", "default": "1:1"},
        "camera": {
            "type": "object",
            "required": ["move"],
            "properties": {
                "move": {"type": "string", "pattern": "^(pan|tilt)-[0-9]{1,3}$"},
                "then": {"$ref": "#/properties/camera"},
            },
            "additionalProperties": False,
        },
        "source": {
            "oneOf": [
                {"type": "string", "pattern": "^https://"},
                {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"$ref": "#/$defs/a~1b"}},
                    "additionalProperties": False,
                },
            ]
        },
        "scenes": {"type": "array", "maxItems": 2, "items": {"$ref": "#"}},
    },
    "additionalProperties": False,
    "$defs": {"ratio": {"enum": ["1:1", "16:9"]}, "a/b": {"type": "integer", "minimum": 1}},
}

RULES: dict[str, Any] = {
    "allOf": [{"title": "no camera without a ratio", "$ref": "#/$defs/rule"}],
    "$defs": {"rule": {"dependentRequired": {"camera": ["ratio"]}}},
}

VALID: tuple[dict[str, Any], ...] = (
    {"prompt": "a"},
    {"prompt": "a", "ratio": "16:9", "camera": {"move": "pan-1", "then": {"move": "tilt-90"}}},
    {"prompt": "a", "source": {"id": 1}},
    {"prompt": "a", "source": "https://example.com/x"},
    {"prompt": "a", "scenes": [{"prompt": "b", "scenes": []}]},
)

INVALID: tuple[dict[str, Any], ...] = (
    {},
    {"prompt": "a", "ratio": "4:3"},
    {"prompt": "a", "ratio": "1:1", "camera": {"move": "pan-1", "then": {"move": "zoom"}}},
    {"prompt": "a", "camera": {"move": "pan-1"}},
    {"prompt": "a", "source": {"id": 0}},
    {"prompt": "a", "source": "ftp://example.com/x"},
    {"prompt": "a", "scenes": [{"prompt": "b", "scenes": [{"prompt": ""}]}]},
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The packaged models and one more."""
    files = {
        "model.json": {
            "slug": SLUG,
            "title": "Puppets",
            "output": "images",
            "example": VALID[1],
        },
        "input.schema.json": INPUT,
        "rules.schema.json": RULES,
        "pricing.json": {
            "currency": "USD",
            "quantity": None,
            "rates": [{"when": {}, "price": "0.5", "fidelity": "invented"}],
            "charge_on": ["succeeded"],
        },
    }
    folder = tmp_path / "models" / SLUG
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    return load([tmp_path])


@pytest.fixture
def rich(catalog: Catalog) -> Contract:
    """The document with that model in it."""
    return Contract(openapi(catalog, ORIGIN))


@pytest.mark.parametrize("given", [*VALID, *INVALID])
def test_the_document_and_the_server_agree_on_inputs(
    catalog: Catalog, rich: Contract, given: dict[str, Any]
) -> None:
    """References, recursion, patterns and rules mean there what they mean in the files."""
    accepted = not catalog.model(SLUG).violations(given)
    body = {"model": SLUG, "input": given}
    assert rich.component("CreateTask").is_valid(body) == accepted == (given in VALID)


def test_a_body_is_judged_by_its_own_model(rich: Contract) -> None:
    """An input of one model under the name of another is refused."""
    body = {"model": "wan2-7-r2v", "input": VALID[2]}
    assert not rich.component("CreateTask").is_valid(body)


def test_its_example_and_price_are_shown(catalog: Catalog, rich: Contract) -> None:
    """The submit of its example, and the answer to it."""
    sent = rich.operation("createTask")["requestBody"]["content"]["application/json"]["examples"]
    answered = rich.responses("createTask")["200"]["content"]["application/json"]["examples"]
    assert sent[SLUG]["value"] == {"model": SLUG, "input": VALID[1]}
    assert answered[SLUG]["value"]["cost_estimate"] == 0.5


@pytest.mark.parametrize("strict", [False, True])
def test_inferred_rules_hold_under_the_strict_profile_only(strict: bool) -> None:
    """As on the server: advice by default, refusals with --profile strict."""
    model = builtin_catalog().model("wan2-7-r2v")
    given = {"prompt": "a", "video_urls": ["https://example.com/a.mp4"], "duration": 15}
    document = Contract(openapi(builtin_catalog(), ORIGIN, strict=strict))
    body = {"model": model.slug, "input": given}
    accepted = not model.violations(given, strict=strict)
    assert document.component("CreateTask").is_valid(body) == accepted != strict


def test_vendor_extensions_are_kept(rich: Contract) -> None:
    """They describe the vendor's form."""
    schema = rich.document["components"]["schemas"][f"{SLUG}_Input"]
    assert schema["properties"]["prompt"]["x-playground"] == {"rows": 6}


def test_names_and_data_that_look_like_references_are_left_alone() -> None:
    """A property may be called `$ref`; a constant may hold one."""
    schema = {
        "properties": {"$ref": {"type": "string"}, "default": {"$ref": "#/$defs/x"}},
        "const": {"$ref": "#/$defs/x"},
        "$defs": {"x": {"enum": [{"$ref": "#"}]}},
    }
    moved = relocated(schema, "M")
    assert moved == {
        **schema,
        "properties": {
            "$ref": {"type": "string"},
            "default": {"$ref": "#/components/schemas/M/$defs/x"},
        },
    }


def test_an_older_dialect_stays_named() -> None:
    """Without `$schema` it would be read as what OpenAPI 3.1 assumes."""
    dialect = "http://json-schema.org/draft-07/schema#"
    assert relocated({"$schema": dialect, "type": "object"}, "M")["$schema"] == dialect
