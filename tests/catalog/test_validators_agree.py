"""The quick validator is asked only where it gives every value the authority's verdict."""

from decimal import Decimal
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)

from mock_mindvideo.catalog import Rules, builtin_catalog
from mock_mindvideo.catalog.keywords import exactly
from mock_mindvideo.catalog.quick import is_schema
from mock_mindvideo.catalog.validation import agreed, subschemas

MODEL = builtin_catalog().model("wan2-7-r2v")

# Written by hand: to draw from all of Unicode, Hypothesis first builds a table for a second.
words = st.text("a图😀é\n ", max_size=3) | st.sampled_from(
    ["x" * 501, "图" * 5000, "😀" * 5001, "16:9", "1080P", "reference_image", "first_frame"]
)
numbers = (
    st.integers(-2, 17)
    | st.integers(2, 15).map(float)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([10**30, -(10**30), 2**63, 2**64, 10**308, 1e308, 5e-324, -0.0])
)
scalars = st.none() | st.booleans() | numbers | words
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


def odd(near):
    """Mostly what fits, sometimes anything."""
    return st.one_of(near, near, near, values)


images = st.fixed_dictionaries(
    {},
    optional={
        "url": odd(words),
        "role": odd(st.sampled_from(["reference_image", "first_frame"])),
        "reference_voice": odd(words),
        "weight": values,
    },
)
near_inputs = st.fixed_dictionaries(
    {},
    optional={
        "prompt": odd(words),
        "seed": odd(numbers),
        "size": odd(st.sampled_from(["16:9", "9:16", "1:1", "4:3", "3:4"])),
        "duration": odd(numbers),
        "watermark": odd(st.booleans()),
        "resolution": odd(st.sampled_from(["720P", "1080P"])),
        "video_urls": odd(st.lists(odd(words), max_size=6)),
        "image_with_roles": odd(st.lists(odd(images), max_size=6)),
        "negative_prompt": odd(words),
        "more": values,
    },
)

SCHEMAS = {
    "one and true": {"enum": [1, "1", None, [True], {"a": 0}]},
    "const": {"const": {"a": [1.0, False]}},
    "unique": {"uniqueItems": True},
    "bounds": {"exclusiveMinimum": 2, "maximum": 10**30},
    "integers": {"type": ["integer", "null", "array"]},
    "names": {"propertyNames": {"maxLength": 0}},
    "counts": {"minProperties": 1, "maxItems": 2, "minLength": 1},
    "contains": {"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3},
    "prefix": {"prefixItems": [{"type": "string"}], "items": {"type": "number"}},
    "unevaluated": {"anyOf": [{"required": ["a"]}, True], "unevaluatedProperties": False},
    "dependent": {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": False}},
    "either": {"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "string"}]},
    "if": {"if": {"type": "string"}, "then": {"maxLength": 2}, "else": {"not": {"const": 0}}},
    "format": {"format": "uri", "contentEncoding": "base64", "contentMediaType": "text/html"},
    "step": {"type": ["number", "array"], "multipleOf": 0.1, "items": {"multipleOf": 1e-10}},
    "large step": {"multipleOf": 10**30},
    "step of a float": {"multipleOf": 3.0},
    "pattern": {"pattern": r"^[^]\b\S{0,2}$", "items": {"not": {"pattern": "\\p{L}"}}},
    "names by pattern": {"propertyNames": {"pattern": "^[ab]$"}, "items": {"pattern": r"^\D?$"}},
    "nested": {"additionalProperties": {"$ref": "#"}, "items": {"$ref": "#"}, "not": {"const": 1}},
}


@given(odd(near_inputs))
def test_both_validators_agree_on_inputs_near_the_vendors_schema(given):
    for rules in MODEL.rules:
        verdict = Draft202012Validator(rules.schema).is_valid(given)
        assert jsonschema_rs.validator_for(rules.schema).is_valid(given) is verdict
        assert rules.is_valid(given) is verdict
        assert (rules.violations(given) == ()) is verdict


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
@given(value=values)
def test_both_validators_agree_on_any_value_for_which_the_quick_one_is_used(schema, value):
    assert agreed(schema)
    verdict = exactly(Draft202012Validator)(schema).is_valid(value)
    rules = Rules(Path("input.schema.json"), schema)

    assert rules.is_valid(value) is verdict
    assert (rules.violations(value) == ()) is verdict


@pytest.mark.parametrize(
    "schema",
    [
        {"patternProperties": {"^a": {}}},
        {"$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a"}}},
        {"properties": {"a": {"items": {"anyOf": [{"patternProperties": {"^a$": {}}}]}}}},
    ],
)
def test_the_quick_validator_is_off_for_pattern_properties_and_dynamic_references(schema):
    assert not agreed(schema)


@given(st.recursive(st.none(), lambda inner: st.lists(inner) | st.dictionaries(words, inner)))
def test_every_object_inside_a_schema_is_visited_with_its_path(schema):
    def count(node):
        if isinstance(node, dict):
            return 1 + sum(map(count, node.values()))
        return sum(map(count, node)) if isinstance(node, list) else 0

    visited = list(subschemas(schema))
    assert len(visited) == count(schema)
    for path, node in visited:
        reached = schema
        for step in path:
            reached = reached[step]
        assert reached is node


def test_the_shipped_models_inputs_are_checked_the_quick_way():
    assert all(agreed(rules.schema) for rules in MODEL.rules)


@given(st.integers(2, 15))
def test_a_float_that_is_whole_is_an_integer_to_both(duration):
    given = {**MODEL.example, "duration": float(duration)}

    assert MODEL.violations(given) == ()
    assert MODEL.estimate(given) == duration * Decimal("0.1233")


DIALECTS = {
    each.META_SCHEMA["$schema"]: each
    for each in (
        Draft4Validator,
        Draft6Validator,
        Draft7Validator,
        Draft201909Validator,
        Draft202012Validator,
    )
}


def replaced(draw, schema):
    """The schema with one of its parts replaced by another value."""
    if not isinstance(schema, dict | list) or not schema or draw(st.integers(0, 3)) == 0:
        return draw(values)
    at = draw(st.sampled_from(sorted(schema) if isinstance(schema, dict) else range(len(schema))))
    changed = schema.copy()
    changed[at] = replaced(draw, schema[at])
    return changed


@st.composite
def near_schemas(draw):
    dialect = draw(st.sampled_from(sorted(DIALECTS)))
    whole = draw(st.sampled_from([*SCHEMAS.values(), MODEL.input_schema, MODEL.rules_schema]))
    changed = replaced(draw, whole)
    return {**changed, "$schema": dialect} if isinstance(changed, dict) else changed


@given(near_schemas())
def test_what_the_quick_validator_takes_for_a_schema_is_one(schema):
    kind = DIALECTS[schema["$schema"]] if isinstance(schema, dict) else Draft202012Validator
    assert not is_schema(schema) or kind(kind.META_SCHEMA).is_valid(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": "urn:nobody:knows"},
        {"$schema": 4},
        {"\ud800": 1},
        {"$schema": "http://json-schema.org/draft-04/schema#", "enum": []},
        {"$schema": "http://json-schema.org/draft-04/schema", "enum": [1, 1]},
    ],
)
def test_what_the_quick_validator_cannot_read_is_left_to_the_authority(schema):
    assert not is_schema(schema)
