"""The vendor's input schema, unchanged, and its two rules that stand in prose only."""

import hashlib
import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.platform.data import data_folder

MODEL = builtin_catalog().model("wan2-7-r2v")
FOLDER = data_folder("schemas") / "models" / "wan2-7-r2v"

#: SHA-256 of the published schema as JSON with sorted names and no white space.
PUBLISHED = "bdeb5e9b5180a9f9308eb8d1ae87f1483e4e0e4dad4fd96dfd7f9911053cdd6a"

TOO_MANY = "image_with_roles and video_urls together must hold at most 5 items"
NONE_AT_ALL = "at least one of image_with_roles and video_urls is required"

image = {"url": "https://example.com/1.jpg", "role": "reference_image"}
lists = st.none() | st.integers(0, 7)
odd = st.sampled_from(["five", 5, True, {}, {"length": 9}])


@st.composite
def references(draw):
    """Inputs with any number of references, or something that is no list instead."""
    images, videos = draw(lists | odd), draw(lists | odd)
    given = {"prompt": "x"}
    if images is not None:
        given["image_with_roles"] = [image] * images if type(images) is int else images
    if videos is not None:
        given["video_urls"] = ["https://a.test/x"] * videos if type(videos) is int else videos
    return given


def broken_prose(given):
    """D16 and D17 as the vendor words them."""
    images, videos = given.get("image_with_roles"), given.get("video_urls")
    if images is None and videos is None:
        return [NONE_AT_ALL]
    together = [*images, *videos] if isinstance(images, list) and isinstance(videos, list) else []
    one_is_empty = images in ([], None) or videos in ([], None)
    return [TOO_MANY] if len(together) > 5 and not one_is_empty else []


def test_the_input_schema_is_the_published_one():
    schema = json.loads((FOLDER / "input.schema.json").read_text(encoding="utf-8"))
    plain = json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert hashlib.sha256(plain.encode()).hexdigest() == PUBLISHED
    assert MODEL.input_schema == schema


def test_the_defaults_are_those_of_the_published_schema():
    assert MODEL.defaults == {
        "size": "16:9",
        "duration": 5,
        "watermark": False,
        "resolution": "1080P",
        "prompt_extend": True,
    }


@given(references())
def test_the_prose_rules_are_what_the_vendor_says(given):
    rules = [each for each in MODEL.rules if each.file.name == "rules.schema.json"]
    told = [violation.message for each in rules for violation in each.violations(given)]

    assert told == broken_prose(given)


@given(references())
def test_the_prose_rules_are_plain_json_schema_that_other_validators_run(given):
    schema = MODEL.rules_schema
    verdict = broken_prose(given) == []

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert Draft202012Validator(schema).is_valid(given) is verdict
    assert jsonschema_rs.validator_for(schema).is_valid(given) is verdict


@pytest.mark.parametrize(
    ("change", "pointer", "keyword", "message"),
    [
        ({"prompt": None}, "", "required", "the property 'prompt' is required"),
        (
            {"prompt": ""},
            "/prompt",
            "minLength",
            "must have at least 1 character; it has 0",
        ),
        (
            {"prompt": "图" * 5001},
            "/prompt",
            "maxLength",
            "must have at most 5000 characters; it has 5001",
        ),
        ({"duration": 1}, "/duration", "minimum", "must be at least 2; it is 1"),
        ({"duration": 16}, "/duration", "maximum", "must be at most 15; it is 16"),
        ({"duration": 5.5}, "/duration", "type", "must be of type integer"),
        ({"seed": -1}, "/seed", "minimum", "must be at least 0; it is -1"),
        (
            {"resolution": "4K"},
            "/resolution",
            "enum",
            "must be one of '720P', '1080P'; it is '4K'",
        ),
        (
            {"image_with_roles": [image] * 6},
            "/image_with_roles",
            "maxItems",
            "must hold at most 5 items; it holds 6",
        ),
        (
            {"video_urls": []},
            "/video_urls",
            "minItems",
            "must hold at least 1 item; it holds 0",
        ),
        (
            {"image_with_roles": [image | {"weight": 1}]},
            "/image_with_roles/0",
            "additionalProperties",
            "unknown property 'weight'; allowed are 'url', 'role', 'reference_voice'",
        ),
        (
            {"image_with_roles": [image] * 3, "video_urls": ["x"] * 3},
            "",
            "not",
            TOO_MANY,
        ),
        ({"image_with_roles": None}, "", "anyOf", NONE_AT_ALL),
    ],
)
def test_a_broken_rule_is_told_by_pointer_keyword_and_words(change, pointer, keyword, message):
    given = {
        name: value for name, value in {**MODEL.example, **change}.items() if value is not None
    }
    broken = MODEL.violations(given)

    assert [(each.pointer, each.keyword, each.message) for each in broken] == [
        (pointer, keyword, message)
    ]


def test_every_broken_rule_is_told():
    broken = MODEL.violations({"prompt": "", "duration": 99, "size": "2:1", "x": 1})

    assert {each.schema_pointer for each in broken} == {
        "input.schema.json#/properties/prompt/minLength",
        "input.schema.json#/properties/duration/maximum",
        "input.schema.json#/properties/size/enum",
        "input.schema.json#/additionalProperties",
        "rules.schema.json#/allOf/1/anyOf",
    }
