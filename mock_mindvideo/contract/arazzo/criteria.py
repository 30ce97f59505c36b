"""Criteria as they are written: checked when the file is read, not when they are first needed."""

import re
from typing import Any

from mock_mindvideo.contract.arazzo.conditions import ConditionError, parse_condition
from mock_mindvideo.contract.arazzo.document import Criterion
from mock_mindvideo.contract.arazzo.expressions import ExpressionError, parse_expression
from mock_mindvideo.contract.arazzo.jsonpath import JsonPathError, compile_path
from mock_mindvideo.contract.arazzo.node import Node


def read_criteria(node: Node, name: str) -> tuple[Criterion, ...]:
    """The criteria under `name`; raises ContractError for one that cannot be evaluated."""
    return tuple(_criterion(each) for each in node.items(name))


def _criterion(node: Node) -> Criterion:
    node.only("criteria", "condition context type")
    kind: Any = node.text("type", "simple")
    if kind not in ("simple", "regex", "jsonpath"):
        node.at("type").refuse(f"criteria of type '{kind}' are not supported by this runner")
    context = node.get("context")
    if context is None and kind != "simple":
        node.refuse(f"criteria of type {kind} need a 'context'")
    condition = node.text("condition")
    try:
        _check(kind, condition)
        if context is not None:
            parse_expression(str(context.expect(str)))
    except (ConditionError, ExpressionError, JsonPathError, re.error) as problem:
        node.at("condition").refuse(str(problem))
    return Criterion(
        condition=condition,
        kind=kind,
        context=str(context.value) if context else None,
        proves=node.texts("x-proves"),
        line=node.line,
    )


def _check(kind: str, condition: str) -> None:
    if kind == "simple":
        parse_condition(condition)
    elif kind == "regex":
        re.compile(condition)
    else:
        compile_path(condition)
