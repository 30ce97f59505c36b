"""Own schemas, too, judge large values in a time that goes with their size."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from mock_mindvideo.catalog import Rules
from mock_mindvideo.catalog.brief import brief
from mock_mindvideo.catalog.dialect import identity

from .test_validators_agree import values

MOST = 0.3
MANY = 9_000

LARGE = {
    "unique objects": ({"uniqueItems": True}, [{"a": each} for each in range(MANY)]),
    "unique items of any kind": (
        {"uniqueItems": True},
        [[each] if each % 2 else str(each) for each in range(MANY)],
    ),
    "integers of one hash": ({"uniqueItems": True}, [each * (2**61 - 1) for each in range(MANY)]),
    "branches": ({"anyOf": [{"items": {"type": "string"}}, {"maxItems": 1}]}, [1] * MANY),
    "one branch": ({"items": {"oneOf": [{"type": "string"}, {"const": 1}]}}, [{}] * MANY),
    "negation": ({"not": {"type": "object"}}, {"a": "图" * 3_000_000}),
    "names": ({"propertyNames": {"maxLength": 1}}, {f"k{each}": 1 for each in range(MANY)}),
    "nothing else": ({"unevaluatedProperties": False}, {f"k{each}": 1 for each in range(MANY)}),
    "names by pattern": (
        {"patternProperties": {r"^a\d+$": {}}, "additionalProperties": False},
        {f"k{each}": 1 for each in range(MANY)},
    ),
    "steps": ({"items": {"multipleOf": 0.1}}, [1e300 + each for each in range(1000)]),
}


@pytest.mark.parametrize("end", [{}, {"not": {}}], ids=["as it is", "refused in any case"])
@pytest.mark.parametrize(("schema", "value"), LARGE.values(), ids=LARGE)
def test_a_large_value_is_judged_soon(schema, value, end):
    rules = Rules(Path("input.schema.json"), {"allOf": [schema, end]})
    spent = []
    for _ in range(2):
        began = time.thread_time()
        broken = rules.violations(value)
        spent.append(time.thread_time() - began)

    assert min(spent) < MOST
    assert len(broken) <= 100
    assert all(len(each.message) <= 300 for each in broken)


@given(values, values)
def test_two_values_have_one_identity_just_if_json_schema_calls_them_equal(one, two):
    equal = Draft202012Validator({"const": one}).is_valid(two)

    assert (identity(one) == identity(two)) is equal
    assert identity(one) == identity(one)


@given(values)
def test_a_value_that_is_shown_briefly_is_the_same_value(value):
    assert brief(value) == value
    assert identity(brief([value] * 400)) == identity([value] * 400)
    assert len(repr(brief({"a": ["x" * 10**5] * 400}))) < 5000
