"""Runs workflows step by step against a transport, and notes what was not as written.

Each check is one of the file's criteria, or whether the answer is one that the OpenAPI document
promises. A step that breaks documented facts ends its workflow, as Arazzo has it; where only
inferred or invented ones are broken, the rest is still worth knowing, and the workflow goes on.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.contract.arazzo.document import Action, Criterion, Description, Step, Workflow
from mock_mindvideo.contract.arazzo.expressions import Context, NoValueError, resolve
from mock_mindvideo.contract.arazzo.judging import expected, holds, saw
from mock_mindvideo.contract.exchange import Exchange, Transport
from mock_mindvideo.contract.masking import Masking
from mock_mindvideo.contract.problems import Unreachable
from mock_mindvideo.contract.requests import Source, find_operation, make_request
from mock_mindvideo.contract.results import Finding
from mock_mindvideo.contract.spend import OverBudget

#: Steps that one workflow may take, retries counted; a circle of gotos ends here.
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """Time as the runner knows it, in seconds. `longest_wait` bounds the wait between tries."""

    timeout: float = 600
    longest_wait: float | None = None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Run:
    """One workflow on its way. `stopped` is why it could not go on, whatever it had found."""

    workflow: Workflow
    context: Context
    deadline: float
    findings: list[Finding] = field(default_factory=list)
    requests: int = 0
    stopped: Unreachable | OverBudget | None = None


class TimedOut(Exception):
    """The workflow's time is over."""


class Runner:
    """Runs the workflows of descriptions against `base_url`. `key` is masked wherever it shows."""

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        sources: Mapping[str, Source],
        pace: Pace,
        key: str,
    ) -> None:
        self._transport = transport
        self._base_url = base_url
        self._sources = sources
        self._pace = pace
        self._masking = Masking(key)

    def run(
        self,
        description: Description,
        workflow: Workflow,
        inputs: Mapping[str, Any],
        before: dict[str, dict[str, dict[str, Any]]],
    ) -> Run:
        """Run one workflow. `before` holds inputs and outputs of earlier ones, and gets its own.

        Raises ContractError for a step whose operation no source has.
        """
        deadline = self._pace.now() + self._pace.timeout
        run = Run(workflow, Context(inputs, workflows=before), deadline)
        try:
            self._steps(description, run)
            outputs = {name: resolve(each, run.context) for name, each in workflow.outputs.items()}
            before[workflow.id] = {"inputs": dict(inputs), "outputs": outputs}
        except TimedOut:
            return run
        except (Unreachable, OverBudget) as problem:
            run.stopped = problem
        except NoValueError as problem:
            if not run.findings:
                run.findings.append(self._missing(run, workflow.steps[-1], problem))
        return run

    def _steps(self, description: Description, run: Run) -> None:
        ids = [step.id for step in run.workflow.steps]
        tries: dict[tuple[str, str], int] = {}
        at, taken = 0, 0
        while at < len(ids):
            step = run.workflow.steps[at]
            taken += 1
            findings = self._step(description, run, step)
            action = self._action(step, findings, run.context, tries)
            if taken > MOST_STEPS:
                action = None
            if action and action.kind == "retry":
                self._wait(run, action, findings)
                continue
            run.findings += findings
            if action and action.kind == "goto":
                at = ids.index(action.step_id or "")
            elif (action and action.kind == "end") or _ends(findings) or taken > MOST_STEPS:
                return
            else:
                at += 1

    def _step(self, description: Description, run: Run, step: Step) -> list[Finding]:
        source, operation = find_operation(step, description, self._sources)
        try:
            request = make_request(step, operation, self._base_url, run.context)
        except (NoValueError, KeyError) as problem:
            return [self._missing(run, step, problem)]
        left = run.deadline - self._pace.now()
        run.requests += 1
        response = self._transport.send(request, max(left, 0.0))
        exchange = run.context.exchange = Exchange(request, response)
        findings = [
            *self._broken(run, step, exchange),
            *(
                self._finding(run, step, each.check, each.pointer, each.message, each.proves)
                for each in source.conformance.deviations(operation, response)
            ),
        ]
        if not response.complete:
            words = f"the answer had not ended after {self._pace.timeout:g} s"
            findings.append(self._finding(run, step, "timeout", "an answer that ends", words, ()))
        run.context.steps[step.id] = _outputs(step, run.context)
        return findings

    def _broken(self, run: Run, step: Step, exchange: Exchange) -> Iterator[Finding]:
        """A finding for each criterion that does not hold."""
        for criterion in step.criteria:
            if not holds(criterion, run.context):
                yield self._finding(
                    run,
                    step,
                    "criterion",
                    expected(criterion),
                    saw(criterion, run.context),
                    criterion.proves,
                    criterion,
                )

    def _finding(
        self,
        run: Run,
        step: Step,
        check: str,
        wanted: str,
        seen: str,
        proves: tuple[str, ...],
        criterion: Criterion | None = None,
    ) -> Finding:
        exchange = run.context.exchange
        return Finding(
            file=run.workflow.file,
            line=criterion.line if criterion else step.line,
            step=step.id,
            step_line=step.line,
            check=check,
            expected=wanted,
            saw=self._masking.text(seen),
            proves=proves or step.proves or run.workflow.proves,
            exchange=self._masking.shown(exchange) if exchange else None,
        )

    def _missing(self, run: Run, step: Step, problem: LookupError) -> Finding:
        words = f"{problem.args[0]} has no value"
        return self._finding(run, step, "value", str(problem.args[0]), words, ())

    def _action(
        self,
        step: Step,
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

    def _wait(self, run: Run, action: Action, findings: list[Finding]) -> None:
        """Wait before another try; raises TimedOut, keeping what the last try found."""
        longest = self._pace.longest_wait
        seconds = action.retry_after if longest is None else min(longest, action.retry_after)
        if self._pace.now() + seconds >= run.deadline:
            step = next(each for each in run.workflow.steps if each.id == findings[0].step)
            words = f"not within {self._pace.timeout:g} s; {findings[0].saw}"
            run.findings += findings
            run.findings.append(
                self._finding(run, step, "timeout", findings[0].expected, words, ())
            )
            raise TimedOut
        if seconds:
            self._pace.sleep(seconds)


def _ends(findings: list[Finding]) -> bool:
    """Whether a step's findings end its workflow."""
    return any(each.documented or each.check in ("value", "timeout") for each in findings)


def _outputs(step: Step, context: Context) -> dict[str, Any]:
    """The step's outputs; those without a value are left out, and told where they are used."""
    found = {}
    for name, expression in step.outputs.items():
        try:
            found[name] = resolve(expression, context)
        except NoValueError:
            continue
    return found
