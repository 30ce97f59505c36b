"""The files that travel with the package agree with their formats, and with each other."""

import json

import pytest
from jsonschema import Draft202012Validator

from mock_mindvideo.catalog import builtin_catalog, load
from mock_mindvideo.catalog.platforms import merge_patch
from mock_mindvideo.domain.script import parse
from mock_mindvideo.platform.data import data_folder

SCHEMAS = data_folder("schemas")
FILES = sorted(SCHEMAS.rglob("*.json"))
FORMATS = {path.name.removesuffix(".schema.json"): path for path in (SCHEMAS / "formats").iterdir()}
MODELS = sorted(builtin_catalog().models)

#: Files that a format speaks of: model.json by model, pricing.json by pricing, and so on.
FORMATTED = [file for file in FILES if file.name.removesuffix(".json") in FORMATS]


def content(file):
    return json.loads(file.read_text(encoding="utf-8"))


def name_of(file):
    return str(file.relative_to(SCHEMAS))


@pytest.mark.parametrize("file", FORMATTED, ids=name_of)
def test_a_data_file_agrees_with_its_format(file):
    schema = content(FORMATS[file.name.removesuffix(".json")])
    whole = SCHEMAS / "platform" / file.name if "dialects" in file.parts else None

    Draft202012Validator(schema).validate(merge_patch(content(whole or file), content(file)))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_has_a_file_to_speak_of(name):
    assert [file for file in FORMATTED if file.name == f"{name}.json"]


def test_every_file_is_a_schema_or_has_a_format():
    others = [file for file in FILES if not file.name.endswith(".schema.json")]

    assert others == FORMATTED


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.name.endswith(".schema.json")], ids=name_of
)
def test_a_schema_is_plain_json_schema_2020_12(file):
    schema = content(file)

    Draft202012Validator.check_schema(schema)
    assert schema.get("$schema", Draft202012Validator.META_SCHEMA["$id"]) == (
        "https://json-schema.org/draft/2020-12/schema"
    )


@pytest.mark.parametrize("slug", MODELS)
def test_the_example_of_a_model_is_valid_even_under_the_strict_profile(slug):
    model = builtin_catalog().model(slug)

    assert model.violations(model.example, strict=True) == ()
    assert model.estimate(model.example) > 0


@pytest.mark.parametrize("slug", MODELS)
def test_every_rule_in_prose_has_a_title_for_its_message(slug):
    model = builtin_catalog().model(slug)

    for rule in (model.rules_schema or {"allOf": []})["allOf"]:
        assert rule["title"]
        assert rule["$comment"] in {each["id"] for each in builtin_catalog().behaviours}


def test_the_default_error_of_the_lifecycle_is_one_of_its_errors():
    lifecycle = builtin_catalog().lifecycle

    assert lifecycle.error in lifecycle.errors


@pytest.mark.parametrize("code", builtin_catalog().lifecycle.errors)
def test_every_error_code_of_the_lifecycle_can_be_scripted(code):
    assert parse(f"outcome=failed; error={code}").plan.error == code


def test_every_behaviour_has_an_id_of_its_own():
    ids = [each["id"] for each in builtin_catalog().behaviours]

    assert len(set(ids)) == len(ids) > 0


def test_the_first_letter_of_an_id_says_its_kind():
    kinds = {"D": "documented", "I": "inferred", "X": "invented", "E": "extension"}

    assert [
        each["id"] for each in builtin_catalog().behaviours if each["kind"] != kinds[each["id"][0]]
    ] == []


def test_the_packaged_catalog_is_loaded_once():
    assert builtin_catalog() is builtin_catalog()
    assert load().models.keys() == builtin_catalog().models.keys()
