"""Runs workflows step by step against a transport, and notes what was not as written.

Each check is one of the file's criteria, whether the answer is one that is documented, or that the
OpenAPI document promises, or whether it fits to what the task said before. A step that breaks
documented facts ends its workflow, as Arazzo has it; where only inferred or invented ones are
broken, the rest is still worth knowing, and the workflow goes on.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.contract.arazzo.document import Action, Description, Workflow, WorkflowStep
from mock_mindvideo.contract.arazzo.expressions import Context, NoValueError, resolve
from mock_mindvideo.contract.arazzo.judging import holds
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Roundtrip, Transport
from mock_mindvideo.contract.history import History
from mock_mindvideo.contract.masking import Masking
from mock_mindvideo.contract.noting import Notes
from mock_mindvideo.contract.openapi.document import Operation
from mock_mindvideo.contract.own_words import OwnWords
from mock_mindvideo.contract.patience import asks_for_trouble, is_busy, seconds_to_wait
from mock_mindvideo.contract.problems import TargetBusy, Unreachable
from mock_mindvideo.contract.requests import ApiSource, find_operation, make_request
from mock_mindvideo.contract.results import Finding
from mock_mindvideo.contract.spend import OverBudget
from mock_mindvideo.contract.sse import EVENT_STREAM
from mock_mindvideo.domain.lifecycle import Lifecycle

#: Steps that one workflow may take, retries counted; a circle of gotos ends here.
MOST_STEPS = 10_000

#: Findings that another try can mend: what an answer once said otherwise stays said.
_PASSING = frozenset(("criterion", "value", "stream"))


@dataclass(frozen=True, slots=True)
class Pace:
    """Time as the runner knows it, in seconds. `longest_wait` bounds the wait between tries."""

    timeout: float = 600
    longest_wait: float | None = None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def wait(self, seconds: float, deadline: float) -> bool:
        """Whether there was time to wait; if so, it has been waited."""
        if self.longest_wait is not None:
            seconds = min(self.longest_wait, seconds)
        if self.now() + seconds >= deadline:
            return False
        if seconds:
            self.sleep(seconds)
        return True


@dataclass(slots=True)
class WorkflowRun:
    """One workflow on its way. `stopped` is why it could not go on, whatever it had found."""

    workflow: Workflow
    context: Context
    deadline: float
    notes: Notes
    history: History
    findings: list[Finding] = field(default_factory=list)
    requests: int = 0
    stopped: Unreachable | OverBudget | None = None

    def note(self, findings: list[Finding]) -> None:
        """Keep findings; what several tries of a step found alike is kept once."""
        known = {_alike(each) for each in self.findings}
        for each in findings:
            if _alike(each) not in known:
                known.add(_alike(each))
                self.findings.append(each)


class WorkflowTimedOut(Exception):
    """The workflow's time is over."""


class Runner:
    """Runs the workflows of descriptions against `base_url`."""

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        sources: Mapping[str, ApiSource],
        pace: Pace,
        masking: Masking,
        lifecycle: Lifecycle,
        words: OwnWords | None = None,
    ) -> None:
        self._words = words
        self._transport = transport
        self._base_url = base_url
        self._sources = sources
        self._pace = pace
        self._masking = masking
        self._lifecycle = lifecycle

    def run(
        self,
        description: Description,
        workflow: Workflow,
        inputs: Mapping[str, Any],
        before: dict[str, dict[str, dict[str, Any]]],
    ) -> WorkflowRun:
        """Run one workflow. `before` holds inputs and outputs of earlier ones, and gets its own.

        Raises ContractError for a step whose operation no source has.
        """
        deadline = self._pace.now() + self._pace.timeout
        context = Context(inputs, workflows=before)
        notes = Notes(workflow, context, self._masking, self._words)
        dialect = self._words.dialect if self._words else None
        run = WorkflowRun(workflow, context, deadline, notes, History(self._lifecycle, dialect))
        try:
            self._steps(description, run)
            outputs = {name: resolve(each, context) for name, each in workflow.outputs.items()}
            before[workflow.id] = {"inputs": dict(inputs), "outputs": outputs}
        except WorkflowTimedOut:
            return run
        except (Unreachable, OverBudget) as problem:
            run.stopped = problem
        except NoValueError as problem:
            if not run.findings:
                run.note([notes.missing(workflow.steps[-1], problem)])
        return run

    def _steps(self, description: Description, run: WorkflowRun) -> None:
        ids = [step.id for step in run.workflow.steps]
        tries: dict[tuple[str, str], int] = {}
        at, taken = 0, 0
        while at < len(ids):
            step = run.workflow.steps[at]
            taken += 1
            findings = self._step(description, run, step)
            lasting = [each for each in findings if each.check not in _PASSING]
            action = self._action(step, findings, run.context, tries)
            if taken > MOST_STEPS:
                action = None
            if action and action.kind == "retry" and not _ends(lasting):
                run.note(lasting)
                self._wait(run, step, action, findings)
                continue
            run.note(findings)
            if action and action.kind == "goto":
                at = ids.index(action.step_id or "")
            elif (action and action.kind == "end") or _ends(findings) or taken > MOST_STEPS:
                return
            else:
                at += 1

    def _step(
        self, description: Description, run: WorkflowRun, step: WorkflowStep
    ) -> list[Finding]:
        source, operation = find_operation(step, description, self._sources)
        try:
            request = make_request(step, operation, self._base_url, run.context)
        except (NoValueError, KeyError) as problem:
            return [run.notes.missing(step, problem)]
        exchange = self._ask(run, step, request)
        findings = [
            *run.notes.broken_criteria(step),
            *self._deviations(run, step, source, operation, exchange),
        ]
        if not exchange.response.complete:
            findings.append(run.notes.open_stream(step, self._pace.timeout))
        run.context.steps[step.id] = _outputs(step, run.context)
        return findings

    def _deviations(
        self,
        run: WorkflowRun,
        step: WorkflowStep,
        source: ApiSource,
        operation: Operation,
        exchange: Roundtrip,
    ) -> list[Finding]:
        """What the answer does against documents and its own past; a status is told once."""
        judged = any("$statusCode" in each.condition for each in step.criteria)
        found = [
            *source.conformance.deviations(operation, exchange.response),
            *run.history.deviations(exchange),
        ]
        kept = [each for each in found if each.check != "status" or not judged]
        return [run.notes.deviation(step, each) for each in kept]

    def _ask(self, run: WorkflowRun, step: WorkflowStep, request: HttpRequest) -> Roundtrip:
        """The exchange; a busy target is asked again for as long as there is time.

        Raises Unreachable where nobody answers, TargetBusy where the target stays busy.
        """
        tries = 0
        while True:
            response = self._send(run, request)
            run.context.exchange = exchange = Roundtrip(request, response)
            tries += 1
            if not is_busy(response.status) or asks_for_trouble(step):
                return exchange
            seconds = seconds_to_wait(response, tries)
            if seconds is None or not self._pace.wait(seconds, run.deadline):
                raise TargetBusy(
                    self._masking.text(f"{request.method} {request.url}"), response.status, tries
                )

    def _send(self, run: WorkflowRun, request: HttpRequest) -> HttpResponse:
        left = max(run.deadline - self._pace.now(), 0.0)
        run.requests += 1
        response = self._transport.send(request, left)
        if not response.complete and response.media_type != EVENT_STREAM:
            what = self._masking.text(f"{request.method} {request.url}")
            raise Unreachable(f"{what}: the answer had not ended after {left:.0f} s")
        return response

    def _action(
        self,
        step: WorkflowStep,
        findings: list[Finding],
        context: Context,
        tries: dict[tuple[str, str], int],
    ) -> Action | None:
        """The first action whose criteria hold and whose tries are not used up."""
        for action in step.on_failure if findings else step.on_success:
            if not all(holds(each, context) for each in action.criteria):
                continue
            if action.kind == "retry":
                used = tries.get((step.id, action.name), 0)
                if used >= action.retry_limit:
                    continue
                tries[step.id, action.name] = used + 1
            return action
        return None

    def _wait(
        self, run: WorkflowRun, step: WorkflowStep, action: Action, findings: list[Finding]
    ) -> None:
        """Wait before another try; raises WorkflowTimedOut, keeping what the last try found."""
        if not self._pace.wait(action.retry_after, run.deadline):
            run.note([*findings, run.notes.timeout(step, self._pace.timeout, findings)])
            raise WorkflowTimedOut


def _alike(finding: Finding) -> tuple[str, ...]:
    return (finding.step, finding.check, finding.expected, finding.saw, *finding.proves)


def _ends(findings: list[Finding]) -> bool:
    """Whether a step's findings end its workflow."""
    return any(each.documented or each.check in ("value", "timeout") for each in findings)


def _outputs(step: WorkflowStep, context: Context) -> dict[str, Any]:
    """The step's outputs; those without a value are left out, and told where they are used."""
    found = {}
    for name, expression in step.outputs.items():
        try:
            found[name] = resolve(expression, context)
        except NoValueError:
            continue
    return found
