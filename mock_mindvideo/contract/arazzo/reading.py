"""Reading Arazzo files: what the runner cannot do is refused by name and line, never skipped."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from mock_mindvideo.contract.arazzo.actions import read_actions
from mock_mindvideo.contract.arazzo.criteria import read_criteria
from mock_mindvideo.contract.arazzo.document import (
    Description,
    Parameter,
    RequestBody,
    Workflow,
    WorkflowStep,
)
from mock_mindvideo.contract.arazzo.node import Node
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.yaml_lines import parse_yaml, read_text

_OPERATION = re.compile(r"(?:\$sourceDescriptions\.([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_.-]+)")
_FACT = re.compile(r"[DIXE][0-9]{2,3}")
_ID = re.compile(r"[A-Za-z0-9_-]+")


def read_contracts(files: Sequence[Path]) -> tuple[Description, ...]:
    """The descriptions in `files`; raises ContractError for a bad one, or an id given twice."""
    found = tuple(read_contract(file) for file in files)
    seen: dict[str, Workflow] = {}
    for workflow in (each for one in found for each in one.workflows):
        if workflow.id in seen:
            raise ContractError(
                workflow.file,
                f"the workflow '{workflow.id}' stands in {seen[workflow.id].file} too",
                line=workflow.line,
            )
        seen[workflow.id] = workflow
    return found


def read_contract(file: Path) -> Description:
    """The Arazzo description in `file`; raises ContractError.

    Run after run asks for the same files: a description is read again when its text is another.
    """
    return _description(file, read_text(file))


@lru_cache(maxsize=64)
def _description(file: Path, text: str) -> Description:
    value, lines = parse_yaml(file, text)
    root = Node(value, file, lines)
    root.only(
        "Arazzo descriptions", "arazzo info sourceDescriptions workflows", unsupported="components"
    )
    version = root.text("arazzo")
    if not re.fullmatch(r"1\.0\.[0-9]+", version):
        root.at("arazzo").refuse(f"this runner knows Arazzo 1.0, not {version!r}")
    info = root.at("info")
    info.only("infos", "title version summary description")
    info.text("title")
    info.text("version")
    workflows = tuple(_workflow(node) for node in root.items("workflows"))
    if not workflows:
        root.refuse("'workflows' must hold at least one")
    _check_dependencies(root, workflows)
    return Description(file, _sources(root), workflows)


def _sources(root: Node) -> dict[str, str]:
    found = {}
    for node in root.items("sourceDescriptions"):
        node.only("source descriptions", "name url type")
        if node.text("type", "openapi") != "openapi":
            node.refuse("source descriptions of another type than openapi are not supported")
        found[node.text("name")] = node.text("url")
    if not found:
        root.refuse("'sourceDescriptions' must hold at least one")
    return found


def _workflow(node: Node) -> Workflow:
    node.only(
        "workflows",
        "workflowId summary description inputs dependsOn steps outputs",
        unsupported="successActions failureActions parameters",
    )
    steps = tuple(_step(each) for each in node.items("steps"))
    if not steps:
        node.refuse("'steps' must hold at least one")
    _check_steps(node, steps)
    inputs = node.get("inputs")
    return Workflow(
        id=_identifier(node, "workflowId"),
        file=node.file,
        summary=node.text("summary", ""),
        proves=_facts(node),
        spend=_spend(node),
        mock_only=node.text("x-mock-only", ""),
        inputs=inputs.expect(dict) if inputs else {},
        depends_on=node.texts("dependsOn"),
        steps=steps,
        outputs=node.mapping("outputs"),
        line=node.line,
    )


def _step(node: Node) -> WorkflowStep:
    node.only(
        "steps",
        "stepId description operationId parameters requestBody successCriteria"
        " onSuccess onFailure outputs",
        unsupported="operationPath workflowId",
    )
    operation = _OPERATION.fullmatch(node.text("operationId"))
    if operation is None:
        node.at("operationId").refuse("must be an operation's id, as $sourceDescriptions.NAME.ID")
    return WorkflowStep(
        id=_identifier(node, "stepId"),
        source=operation[1],
        operation_id=operation[2],
        parameters=tuple(_parameter(each) for each in node.items("parameters")),
        body=_body(node.get("requestBody")),
        criteria=read_criteria(node, "successCriteria"),
        on_success=read_actions(node, "onSuccess"),
        on_failure=read_actions(node, "onFailure"),
        outputs=node.mapping("outputs"),
        proves=_facts(node),
        line=node.line,
    )


def _parameter(node: Node) -> Parameter:
    node.only("parameters", "name in value", unsupported="reference")
    place = node.text("in")
    if place not in ("path", "query", "header"):
        node.at("in").refuse(f"parameters in '{place}' are not supported; path, query, header are")
    return Parameter(node.text("name"), place, node.at("value").value, node.line)


def _body(node: Node | None) -> RequestBody | None:
    if node is None:
        return None
    node.only("request bodies", "contentType payload", unsupported="replacements")
    return RequestBody(node.text("contentType", "application/json"), node.at("payload").value)


def _identifier(node: Node, name: str) -> str:
    found = node.text(name)
    if not _ID.fullmatch(found):
        node.at(name).refuse("must be of letters, digits, _ and -")
    return found


def _facts(node: Node) -> tuple[str, ...]:
    for item in node.items("x-proves"):
        if not _FACT.fullmatch(str(item.value)):
            item.refuse("must be the id of a behaviour, like D10")
    return node.texts("x-proves")


def _spend(node: Node) -> Decimal:
    text = node.text("x-spend", "0")
    try:
        spend = Decimal(text)
    except InvalidOperation:
        spend = Decimal(-1)
    if not (spend.is_finite() and spend >= 0):
        node.at("x-spend").refuse(f'must be an amount in US dollars like "0.6165", not {text!r}')
    return spend


def _check_steps(node: Node, steps: Sequence[WorkflowStep]) -> None:
    ids = [step.id for step in steps]
    for step, at in zip(steps, node.items("steps"), strict=True):
        if ids.count(step.id) > 1:
            at.refuse(f"the step '{step.id}' stands twice")
        for action in (*step.on_success, *step.on_failure):
            if action.step_id is not None and action.step_id not in ids:
                at.refuse(f"the action '{action.name}' leads to '{action.step_id}', no step")


def _check_dependencies(root: Node, workflows: Sequence[Workflow]) -> None:
    """Refuse a dependency on what is not above it, which rules out circles too."""
    above: set[str] = set()
    for workflow, node in zip(workflows, root.items("workflows"), strict=True):
        for name in workflow.depends_on:
            if name not in above:
                node.at("dependsOn").refuse(f"'{name}' is no workflow above this one")
        above.add(workflow.id)
