"""Bounds: a hundred valid inputs meet the lower and the upper bound of every property."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings

from mock_mindvideo.strategies import valid_inputs
from mock_mindvideo.strategies.json_schema import Document, Space
from tests.strategies.oracle import model

WORDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
OWN = {
    "type": "object",
    "required": ["prompt"],
    "additionalProperties": False,
    "properties": {
        "prompt": {"type": "string", "minLength": 3, "maxLength": 2_000},
        "title": {"type": "string", "minLength": 2, "maxLength": 30},
        "count": {"type": "integer", "minimum": 1, "maximum": 4},
        "steps": {"type": "integer", "minimum": 10, "maximum": 150},
        "guidance": {"type": "number", "minimum": 0.5, "maximum": 9.5},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "multipleOf": 0.01},
        "seed": {"type": "integer", "minimum": -1, "maximum": 4_294_967_295},
        "urls": {"type": "array", "minItems": 1, "maxItems": 30, "items": {"type": "string"}},
        "ids": {"type": "array", "uniqueItems": True, "maxItems": 9, "items": {"type": "integer"}},
        "camera": {
            "type": "object",
            "required": ["pan"],
            "properties": {
                "pan": {"type": "number", "minimum": -10, "maximum": 10},
                "zoom": {"type": "integer", "minimum": 1, "maximum": 8},
            },
        },
    },
}

Bound = tuple[tuple[str, ...], str, Any]


def bounds(schema: Any, path: tuple[str, ...] = ()) -> Iterator[Bound]:
    """Every bound of a property, with its way there."""
    for name, part in schema.get("properties", {}).items():
        yield from (((*path, name), word, part[word]) for word in WORDS if word in part)
        yield from bounds(part, (*path, name))


def meets(value: Any, bound: Bound) -> bool:
    """Whether the value has that property, and has it right on the bound."""
    path, word, limit = bound
    for name in path:
        if name not in value:
            return False
        value = value[name]
    return (value if word in ("minimum", "maximum") else len(value)) == limit


def missed(strategy: Any, schema: Any, number: int) -> set[Bound]:
    """The bounds that a run of a hundred examples does not meet."""
    left = set(bounds(schema))

    @seed(number)
    @settings(max_examples=100, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def run(value: Any) -> None:
        left.difference_update([bound for bound in left if meets(value, bound)])

    run()
    return left


@pytest.mark.parametrize("runs", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_a_hundred_inputs_of_the_vendors_model_meet_each_bound(runs):
    schema = model().input_schema
    assert len(set(bounds(schema))) == 10
    misses = [missed(valid_inputs(), schema, number) for number in range(runs)]
    assert sum(map(bool, misses)) <= 1, misses


@pytest.mark.parametrize("runs", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_hundred_inputs_of_any_model_meet_each_bound(runs):
    strategy = Space(Document(OWN)).valid()
    misses = [missed(strategy, OWN, number) for number in range(runs)]
    assert sum(map(bool, misses)) <= 1, misses
