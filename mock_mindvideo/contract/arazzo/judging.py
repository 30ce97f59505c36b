"""Criteria against what has happened: whether they hold, and what they saw."""

import json
import re

from mock_mindvideo.contract.arazzo.conditions import parse_condition
from mock_mindvideo.contract.arazzo.document import Criterion
from mock_mindvideo.contract.arazzo.expressions import (
    Context,
    Expression,
    NoValueError,
    parse_expression,
)
from mock_mindvideo.contract.arazzo.jsonpath import matches
from mock_mindvideo.contract.masking import shown_value


def holds(criterion: Criterion, context: Context) -> bool:
    """Whether the criterion is true; one whose context has no value is not."""
    if criterion.kind == "simple":
        return parse_condition(criterion.condition).holds(context)
    try:
        value = parse_expression(criterion.context or "").value(context)
    except NoValueError:
        return False
    if criterion.kind == "regex":
        # An object or a list is read as its JSON: events are told in either form, too.
        text = json.dumps(value) if isinstance(value, dict | list) else value
        return isinstance(text, str) and re.search(criterion.condition, text) is not None
    return bool(matches(criterion.condition, value))


def saw(criterion: Criterion, context: Context) -> str:
    """The values that the criterion looked at, each by its expression."""
    if criterion.kind == "simple":
        expressions = parse_condition(criterion.condition).expressions
    else:
        expressions = [parse_expression(criterion.context or "")]
    shown = dict.fromkeys(f"{each.text} was {_value(each, context)}" for each in expressions)
    return "; ".join(shown)


def expected(criterion: Criterion) -> str:
    """The criterion in its own words."""
    if criterion.kind == "simple":
        return criterion.condition
    return f"{criterion.context} {criterion.kind} {criterion.condition}"


def _value(expression: Expression, context: Context) -> str:
    try:
        return shown_value(expression.value(context))
    except NoValueError:
        return "nothing"
