"""An Arazzo description as values. Every part knows the line it stands on, from 1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

#: Ids of fidelity.json: D documented, I inferred, X invented.
Facts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One assertion. `context` is a runtime expression, needed for regex and jsonpath.

    `proves` are the facts it rests on, where it says so itself.
    """

    condition: str
    kind: Literal["simple", "regex", "jsonpath"]
    context: str | None
    proves: Facts
    line: int


@dataclass(frozen=True, slots=True)
class Action:
    """What follows a step. `retry_after` is in seconds."""

    name: str
    kind: Literal["end", "goto", "retry"]
    step_id: str | None
    criteria: tuple[Criterion, ...]
    retry_after: float = 0
    retry_limit: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value for a request; `place` is path, query or header."""

    name: str
    place: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A request's payload before its expressions are resolved."""

    content_type: str
    payload: Any


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One request and what must be true of its answer. `source` None: whichever has it."""

    id: str
    source: str | None
    operation_id: str
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    criteria: tuple[Criterion, ...]
    on_success: tuple[Action, ...]
    on_failure: tuple[Action, ...]
    outputs: Mapping[str, str]
    proves: Facts
    line: int


@dataclass(frozen=True, slots=True)
class Workflow:
    """Steps in order. `spend` is the worst case in US dollars on the real service.

    `mock_only` says why nothing but the mock can be asked this; empty where anything can.
    """

    id: str
    file: Path
    summary: str
    proves: Facts
    spend: Decimal
    mock_only: str
    inputs: Mapping[str, Any]
    depends_on: tuple[str, ...]
    steps: tuple[WorkflowStep, ...]
    outputs: Mapping[str, str]
    line: int

    def step(self, step_id: str) -> WorkflowStep:
        """The step of that id, which reading has made sure of."""
        return next(step for step in self.steps if step.id == step_id)


@dataclass(frozen=True, slots=True)
class Description:
    """One file: its workflows, and where the OpenAPI documents of its sources are."""

    file: Path
    sources: Mapping[str, str]
    workflows: tuple[Workflow, ...] = field(default=())
