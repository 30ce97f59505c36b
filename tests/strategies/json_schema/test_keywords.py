"""The compiler beside jsonschema, on schemas that are drawn themselves; and what it refuses."""

import subprocess
import sys

import pytest
from hypothesis import assume, find, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.strategies import Unsupported
from mock_mindvideo.strategies.json_schema.documents import Document
from mock_mindvideo.strategies.json_schema.oracle import reported
from mock_mindvideo.strategies.json_schema.rule_space import Space
from tests.strategies.drawing import PATIENT, draw_many

NAMES = st.sampled_from(["a", "b", "c"])
SMALL = st.integers(0, 3)
SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 2.5, -1, "", "a", "bb", "a b"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])

LEAVES = st.one_of(
    st.builds(lambda name: {"type": name}, TYPES),
    st.builds(lambda names: {"type": sorted(names)}, st.sets(TYPES, min_size=1, max_size=3)),
    st.builds(lambda values: {"enum": values}, st.lists(VALUES, min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, VALUES),
    *(
        st.builds(lambda size, word=word: {word: size}, SMALL)
        for word in (
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
            "minItems", "maxItems", "minProperties", "maxProperties",
        )
    ),
    st.builds(lambda step: {"multipleOf": step}, st.sampled_from([1, 2, 0.5, 3])),
    st.builds(lambda pattern: {"pattern": pattern}, st.sampled_from(["a", "^a", "b$", "^a+$"])),
    st.builds(lambda names: {"required": sorted(names)}, st.sets(NAMES, min_size=1)),
    st.builds(lambda unique: {"uniqueItems": unique}, st.booleans()),
    st.just({"dependentRequired": {"a": ["b"]}}),
)  # fmt: skip


def nested(inner):
    """Schemas with schemas inside."""
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda one, two: {**one, **two}, inner, inner),
        st.builds(lambda members: {"properties": members}, st.dictionaries(NAMES, inner)),
        st.builds(lambda part: {"items": part}, inner),
        st.builds(lambda parts: {"prefixItems": parts}, some),
        st.builds(lambda part: {"contains": part}, inner),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda part: {"additionalProperties": part}, inner),
        st.builds(lambda part: {"patternProperties": {"^a": part}}, inner),
        st.builds(lambda word, parts: {word: parts},
                  st.sampled_from(["allOf", "anyOf", "oneOf"]), some),
        st.builds(lambda a, b, c: {"if": a, "then": b, "else": c}, inner, inner, inner),
    )  # fmt: skip


SCHEMAS = st.recursive(LEAVES, nested, max_leaves=6)


@PATIENT
@given(SCHEMAS, VALUES)
def test_shapes_admit_just_what_jsonschema_takes(schema, value):
    space = Space(Document(schema))
    assert space.compiler.admits(space.goal(), value) == Draft202012Validator(schema).is_valid(
        value
    )


@PATIENT
@given(SCHEMAS, VALUES)
def test_a_schema_that_some_value_fits_is_not_taken_for_a_contradiction(schema, value):
    assume(Draft202012Validator(schema).is_valid(value))
    assert Space(Document(schema)).possible()


@PATIENT
@given(st.data(), SCHEMAS)
def test_what_is_drawn_as_valid_is_valid(data, schema):
    space = Space(Document(schema))
    assume(space.possible())
    value = data.draw(space.valid())
    assert Draft202012Validator(schema).is_valid(value)


@PATIENT
@given(st.data(), SCHEMAS)
def test_what_is_drawn_as_invalid_breaks_the_labelled_rule_and_no_other(data, schema):
    space = Space(Document(schema))
    assume(space.breakable)
    found = data.draw(space.invalid())
    assert [str(each) for each in reported(space.documents[0], found.value)] == [
        str(found.violation)
    ]


TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#"}},
    },
    "additionalProperties": False,
}


def test_recursive_values_come_flat_and_deep():
    drawn = draw_many(Space(Document(TREE)).valid(), 300)
    assert all(Draft202012Validator(TREE).is_valid(value) for value in drawn)
    assert {0, 1, 2} <= {_depth(value) for value in drawn}


def _depth(tree):
    return max((1 + _depth(child) for child in tree.get("children", ())), default=0)


def test_a_schema_that_only_an_endless_value_fits_is_a_contradiction():
    endless = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}}
    assert not Space(Document(endless)).possible()


REFUSED = [
    ({"properties": {"a": {"unevaluatedProperties": False}}}, "#/properties/a", "unevaluatedP"),
    ({"items": {"format": "floppy"}}, "#/items", "format"),
    ({"allOf": [{"pattern": "("}]}, "#/allOf/0", "pattern"),
    ({"patternProperties": {"[": {}}}, "#", "patternProperties"),
    ({"properties": {"a": {"$ref": "#/$defs/gone"}}}, "#/properties/a", "$ref"),
    ({"$schema": "http://json-schema.org/draft-04/schema#"}, "#", "$schema"),
    ({"properties": {"a": {"minlength": 3}}}, "#/properties/a", "minlength"),
    ({"properties": {"a": {"type": "text"}}}, "#/properties/a", "type"),
    ({"$dynamicRef": "#a"}, "#", "$dynamicRef"),
    ({"dependencies": {"a": ["b"]}}, "#", "dependencies"),
]


@pytest.mark.parametrize(("schema", "pointer", "keyword"), REFUSED, ids=lambda each: str(each)[:40])
def test_what_is_out_of_reach_is_refused_by_name_when_the_strategy_is_made(
    schema, pointer, keyword
):
    with pytest.raises(Unsupported) as refused:
        Space(Document(schema, "x.json"))
    assert refused.value.pointer == f"x.json{pointer}"
    assert refused.value.keyword.startswith(keyword)
    assert str(refused.value).startswith(f"x.json{pointer}: {keyword}")


def test_a_reference_that_leads_back_to_itself_is_refused():
    with pytest.raises(Unsupported, match=r"\$ref: leads back to itself"):
        Space(Document({"$ref": "#"})).valid()


def test_vendors_own_keywords_are_notes():
    space = Space(Document({"type": "boolean", "x-playground": {"widget": "switch"}}))
    assert find(space.valid(), lambda _: True) is False


def test_hypothesis_is_imported_only_with_this_package():
    program = (
        "import sys, mock_mindvideo, mock_mindvideo.catalog; print('hypothesis' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_one_object_at_two_places_of_a_schema_is_two_subschemas():
    same = {"required": ["a"]}
    assert not Space(Document({"oneOf": [same, same]})).possible()
    assert Space(Document({"allOf": [same, same]})).possible()
