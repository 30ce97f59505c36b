"""Inputs of a model: valid ones, invalid ones, and the list of all rules between the two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from mock_mindvideo.catalog import Model
from mock_mindvideo.domain.nearest import nearest

from .json_schema.documents import Document
from .json_schema.overrides import Override, pinned
from .json_schema.rule_space import InvalidInput, Space
from .json_schema.rules import ImpliedRule, Rule, Violation
from .json_schema.values import Json
from .models import DEFAULT_MODEL, ModelLike, Schemas, model_of
from .reading import document
from .realistic import realistic_inputs

_SPACES: dict[int, tuple[Model, Space]] = {}


def valid_inputs(
    model: ModelLike = DEFAULT_MODEL,
    *,
    schemas: Schemas = None,
    realistic: bool = False,
    **overrides: Override,
) -> st.SearchStrategy[dict[str, Json]]:
    """Draw valid inputs of a model, from all of them, and those on its bounds often.

    Args:
        model: a slug of the packaged models, or a model that `mock_mindvideo.catalog.load` gave.
        schemas: a folder with own models, laid out like `schemas/`, or several.
        realistic: write prompts that name their references, plausible URLs and data URIs, and
            keep to the rules that are only advice; all inputs are still possible to send.
        overrides: pin properties, `duration=5` or `duration=st.integers(2, 5)`, or leave one out
            with `seed=ABSENT`. The rest is drawn to go with them.

    Raises:
        Unsupported: the model's schema has a keyword that is out of reach.
        ValueError: an override names no property, or no valid input has its value.
    """
    found = model_of(model, schemas)
    if realistic:
        return realistic_inputs(found, overrides)
    space = space_of(found)
    return pinned(space, overrides) if overrides else space.valid()


def invalid_inputs(
    model: ModelLike = DEFAULT_MODEL,
    *,
    schemas: Schemas = None,
    rules: Iterable[Violation | str] | None = None,
    max_violations: int = 1,
) -> st.SearchStrategy[InvalidInput]:
    """Draw inputs with exactly one rule broken, each with the violation that a validator reports.

    Args:
        model: as for `valid_inputs`, and so is `schemas`.
        rules: break only these, out of `violations(model)`; a schema pointer will do.
        max_violations: break up to so many rules at once; all stand in `violations`.

    Raises:
        Unsupported: the model's schema has a keyword that is out of reach.
        ValueError: a rule is unknown or cannot be broken alone, or there is nothing to break.
    """
    if max_violations < 1:
        raise ValueError(f"max_violations must be 1 or more, not {max_violations}")
    space = space_of(model_of(model, schemas))
    wanted = None if rules is None else [_rule(space, rule) for rule in rules]
    if not (space.breakable if wanted is None else wanted):
        raise ValueError("there is no rule to break")
    return space.invalid(wanted, max_violations)


def violations(
    model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None
) -> tuple[Violation, ...]:
    """List every rule of the model that can be broken alone, in the order of its schema files."""
    return tuple(rule.violation for rule in space_of(model_of(model, schemas)).breakable)


def implied_rules(
    model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None
) -> tuple[ImpliedRule, ...]:
    """List the rules that cannot be broken alone, each with the rule that implies it."""
    return space_of(model_of(model, schemas)).implied


def space_of(model: Model) -> Space:
    """Give the space of a model's inputs, made once."""
    known = _SPACES.get(id(model))
    if known is None:
        known = _SPACES[id(model)] = (model, Space(*documents(model)))
    return known[1]


def documents(model: Model) -> Sequence[Document]:
    """Give the schema files that decide on an input, under their file names."""
    return [document(rules.schema, rules.file.name) for rules in model.rules]


def _rule(space: Space, wanted: Violation | str) -> Rule:
    name = str(wanted)
    for rule in space.breakable:
        if name == rule.violation.schema_pointer:
            return rule
    for implied in space.implied:
        if name == implied.violation.schema_pointer:
            raise ValueError(f"{name} cannot be broken alone: {implied.reason}")
    known = [str(rule.violation) for rule in space.breakable]
    raise ValueError(f"there is no rule {name!r}; did you mean {nearest(name, known, 0)!r}?")
