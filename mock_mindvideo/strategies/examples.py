"""Examples outside a property test: for the command line, for files, for other languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import hypothesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mock_mindvideo.fences.hypothesis import begins_with_the_simplest

from .inputs import space_of, valid_inputs
from .json_schema.documents import Document
from .json_schema.goals import Goal, goal
from .json_schema.rule_space import InvalidInput, Space
from .json_schema.rules import Rule
from .json_schema.shapes import NOTHING
from .json_schema.values import Json
from .models import DEFAULT_MODEL, ModelLike, Schemas, model_of

_T = TypeVar("_T")

# A bound's keyword, with the one that closes the other side at the same number.
_BOUNDS = {
    "minimum": "maximum",
    "maximum": "minimum",
    "minLength": "maxLength",
    "maxLength": "minLength",
    "minItems": "maxItems",
    "maxItems": "minItems",
    "minProperties": "maxProperties",
    "maxProperties": "minProperties",
}


def valid_examples(
    count: int, model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None, seed: int = 0
) -> Iterator[dict[str, Json]]:
    """Give so many valid inputs, the same ones for the same seed."""
    yield from _drawn(valid_inputs(model, schemas=schemas), count, seed)


def valid_boundaries(
    model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None, seed: int = 0
) -> Iterator[dict[str, Json]]:
    """Give a valid input right on each bound of the model's schema: 2 and 15, 1 and 5,000."""
    space = space_of(model_of(model, schemas))
    for rule in space.breakable:
        for edge in _edges(space, rule, space.goal(), past=0):
            yield from _drawn(space.compiler.strategy(edge), 1, seed)


def invalid_examples(
    model: ModelLike = DEFAULT_MODEL,
    *,
    schemas: Schemas = None,
    boundaries: bool = False,
    seed: int = 0,
) -> Iterator[InvalidInput]:
    """Give one invalid input for each rule, in the order of `violations`.

    With `boundaries` only for bounds, and just past them: 1 and 16, 0 and 5,001.
    """
    space = space_of(model_of(model, schemas))
    for rule in space.breakable:
        goals = [space.goal([rule])]
        if boundaries:
            goals = list(_edges(space, rule, goals[0], past=1))
        for each in goals:
            (value,) = _drawn(space.compiler.strategy(each), 1, seed)
            yield space.labelled(value, [rule])


def _edges(space: Space, rule: Rule, wanted: Goal, *, past: int) -> Iterator[Goal]:
    """Narrow a goal to values on the rule's bound, or one step past it."""
    keyword = rule.violation.keyword
    if keyword not in _BOUNDS or set(rule.path[:-1:2]) - {"properties"}:
        return
    bound: Any = rule.document.schema
    for step in rule.path:
        bound = bound[step]
    exact = bound + (past if keyword.startswith("max") else -past)
    schema: Json = {keyword: exact, _BOUNDS[keyword]: exact}
    for name in reversed(rule.path[1:-1:2]):
        schema = {"required": [name], "properties": {name: schema}}
    narrowed = wanted | goal(Document(schema, "edge").root)
    if space.compiler.height(narrowed) < NOTHING:
        yield narrowed


def _drawn(strategy: st.SearchStrategy[_T], count: int, seed: int) -> list[_T]:
    """Draw a number of values, without the simplest one where Hypothesis begins with it."""
    found: list[_T] = []
    left_out = int(begins_with_the_simplest())

    @hypothesis.seed(seed)
    @settings(max_examples=count + left_out, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(value: _T) -> None:
        found.append(value)

    collect()
    return found[left_out : count + left_out] or found[:count]
