"""Success and failure actions as they are written."""

import math
from typing import Any

from mock_mindvideo.contract.arazzo.criteria import read_criteria
from mock_mindvideo.contract.arazzo.document import Action
from mock_mindvideo.contract.arazzo.node import Node


def read_actions(node: Node, name: str) -> tuple[Action, ...]:
    """The actions under `name`, which is onSuccess or onFailure; raises ContractError."""
    kinds = ("end", "goto", "retry") if name == "onFailure" else ("end", "goto")
    return tuple(_action(each, kinds) for each in node.items(name))


def _action(node: Node, kinds: tuple[str, ...]) -> Action:
    node.only(
        "actions",
        "name type stepId criteria retryAfter retryLimit",
        unsupported="workflowId reference",
    )
    kind: Any = node.text("type")
    if kind not in kinds:
        node.at("type").refuse(f"must be one of {', '.join(kinds)}, not '{kind}'")
    step_id = node.get("stepId")
    if kind == "goto" and step_id is None:
        node.refuse("a goto needs a 'stepId'")
    if kind == "retry" and step_id is not None:
        step_id.refuse("retries with a 'stepId' are not supported by this runner")
    return Action(
        name=node.text("name"),
        kind=kind,
        step_id=step_id.expect(str) if step_id else None,
        criteria=read_criteria(node, "criteria"),
        retry_after=_number(node, "retryAfter", 0.0),
        retry_limit=int(_number(node, "retryLimit", 1.0, whole=True)),
        line=node.line,
    )


def _number(node: Node, name: str, default: float, *, whole: bool = False) -> float:
    found = node.get(name)
    if found is None:
        return default
    value = found.value
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or not math.isfinite(value) or value < 0 or (whole and value != int(value)):
        found.refuse(f"must be a {'whole ' if whole else ''}number from 0")
    return float(value)
