"""One run over many workflows: which are due, what they may cost, and what came of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from mock_mindvideo.contract.arazzo.document import Description, Workflow
from mock_mindvideo.contract.arazzo.reading import read_contracts
from mock_mindvideo.contract.baseline import Baseline
from mock_mindvideo.contract.exchange import Transport
from mock_mindvideo.contract.masking import Masking
from mock_mindvideo.contract.openapi.conformance import Conformance
from mock_mindvideo.contract.openapi.document import OpenApi
from mock_mindvideo.contract.own_words import OwnWords
from mock_mindvideo.contract.patience import TOO_MANY
from mock_mindvideo.contract.problems import ContractError, TargetBusy, TargetError, Unreachable
from mock_mindvideo.contract.requests import ApiSource
from mock_mindvideo.contract.results import Finding, Outcome, Report, Status
from mock_mindvideo.contract.retrying import Persistent
from mock_mindvideo.contract.runner import Pace, Runner, WorkflowRun
from mock_mindvideo.contract.spend import OverBudget, Prices, SpendLimit
from mock_mindvideo.contract.yaml_lines import read_yaml
from mock_mindvideo.domain.lifecycle import Lifecycle

#: Enough for anything: the mock costs nothing.
UNLIMITED = Decimal("Infinity")


class Due(NamedTuple):
    """A workflow that was chosen, and its file."""

    description: Description
    workflow: Workflow


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, against what, and for how much.

    `documents` are the OpenAPI documents by the name of their source; those that are not there
    are read from beside the contract. `budget` is in US dollars; `facts` are the statements of
    fidelity.json by id. `told` is called with each outcome as it comes. `name` is what the target
    is called, for one that has no address. `words` read answers of a target in another dialect.
    """

    due: Sequence[Due]
    documents: Mapping[str, Mapping[str, Any]]
    base_url: str
    key: str
    run: str
    is_mock: bool
    budget: Decimal
    prices: Prices
    facts: Mapping[str, str]
    lifecycle: Lifecycle
    name: str = ""
    strict: bool = False
    baseline: Baseline = field(default_factory=Baseline)
    pace: Pace = field(default_factory=Pace)
    words: OwnWords | None = None
    told: Callable[[Outcome], None] = lambda outcome: None

    @property
    def target(self) -> str:
        """What is checked, for a person."""
        return self.name or self.base_url

    @property
    def possible_spend(self) -> Decimal:
        """The worst case of everything that would run with an unlimited budget."""
        if self.is_mock:
            return Decimal(0)
        return sum((each.workflow.spend for each in self.due if not each.workflow.mock_only), _ZERO)


_ZERO = Decimal(0)

#: Workflows in a row that a target may leave unanswered with 5xx before it is given up.
_ENOUGH = 2


def choose(files: Sequence[Path], only: Sequence[str] = ()) -> tuple[Due, ...]:
    """The workflows of `files`: all, or those that `only` names by workflow, file or fact.

    What they depend on comes along. Raises ContractError, and TargetError for a name that
    chooses nothing.
    """
    return choose_of(
        tuple(
            Due(description, workflow)
            for description in read_contracts(files)
            for workflow in description.workflows
        ),
        only,
    )


def choose_of(every: tuple[Due, ...], only: Sequence[str]) -> tuple[Due, ...]:
    """Those of workflows that are read already; see `choose`."""
    wanted = [due for name in only for due in _named(every, name)]
    return with_dependencies(every, wanted) if only else every


def with_dependencies(every: Sequence[Due], wanted: Sequence[Due]) -> tuple[Due, ...]:
    """Those that are wanted and what they depend on, in the order of `every`."""
    ids = {due.workflow.id for due in wanted}
    for due in reversed(every):
        if due.workflow.id in ids:
            ids.update(due.workflow.depends_on)
    return tuple(due for due in every if due.workflow.id in ids)


def verify(job: Job, transport: Transport) -> Report:
    """Run the job. Nothing is raised for what the target does; an interrupt ends it early.

    Raises ContractError for a contract that cannot be run.
    """
    limit = SpendLimit(transport, job.key, UNLIMITED if job.is_mock else job.budget, job.prices)
    began = job.pace.now()
    outcomes: list[Outcome] = []
    interrupted = False
    try:
        for outcome in _outcomes(job, limit):
            outcomes.append(outcome)
            job.told(outcome)
    except KeyboardInterrupt:
        interrupted = True
    return Report(
        target=job.target,
        is_mock=job.is_mock,
        strict=job.strict,
        outcomes=tuple(outcomes),
        spent=_ZERO if job.is_mock else limit.spent,
        seconds=job.pace.now() - began,
        facts=job.facts,
        interrupted=interrupted,
    )


def _outcomes(job: Job, limit: SpendLimit) -> Iterator[Outcome]:
    sources: dict[Path, dict[str, ApiSource]] = {}
    read: dict[str | Path, ApiSource] = {}
    before: dict[str, dict[str, dict[str, Any]]] = {}
    statuses: dict[str, Status] = {}
    masking = Masking(job.key, job.base_url if job.name else "")
    transport, lost = Persistent(limit), Lost()
    for due in job.due:
        reason = lost.reason or _reason_to_skip(job, due.workflow, limit, statuses)
        if reason:
            outcome = _outcome(
                due.workflow, "unchecked" if lost.reason else "skipped", reason=reason
            )
        else:
            file = due.description.file
            if file not in sources:
                sources[file] = _sources(due.description, job.documents, read)
            runner = Runner(
                transport, job.base_url, sources[file], job.pace, masking, job.lifecycle, job.words
            )
            outcome, stopped = _ran(job, runner, due, before)
            lost.note(stopped)
        statuses[due.workflow.id] = outcome.status
        yield outcome


class Lost:
    """Whether there is still a target. `reason` says why not; empty while there is."""

    def __init__(self) -> None:
        self.reason = ""
        self._unavailable = 0

    def note(self, problem: Unreachable | OverBudget | None) -> None:
        """What stopped the last workflow, if anything: a broken operation is not yet the end."""
        if isinstance(problem, TargetBusy):
            self._unavailable += 1
            if self._unavailable >= _ENOUGH or problem.status == TOO_MANY:
                self.reason = str(problem)
        elif isinstance(problem, Unreachable):
            self.reason = str(problem)
        elif problem is None:
            self._unavailable = 0


def _ran(
    job: Job, runner: Runner, due: Due, before: dict[str, dict[str, dict[str, Any]]]
) -> tuple[Outcome, Unreachable | OverBudget | None]:
    began = job.pace.now()
    inputs = _inputs(due.workflow, {"api_key": job.key, "run": job.run})
    run = runner.run(due.description, due.workflow, inputs, before)
    known = tuple(each for each in run.findings if (due.workflow.id, each) in job.baseline)
    findings = tuple(each for each in run.findings if each not in known)
    outcome = _outcome(
        due.workflow,
        _status(job, run, findings),
        run=run,
        findings=findings,
        known=known,
        reason=str(run.stopped or ""),
        seconds=job.pace.now() - began,
    )
    return outcome, run.stopped


def _status(job: Job, run: WorkflowRun, findings: Sequence[Finding]) -> Status:
    if any(job.strict or finding.documented for finding in findings):
        return "broken"
    if run.stopped:
        return "skipped" if isinstance(run.stopped, OverBudget) else "unchecked"
    return "warned" if findings else "kept"


def _reason_to_skip(
    job: Job, workflow: Workflow, limit: SpendLimit, statuses: Mapping[str, Status]
) -> str:
    if workflow.mock_only and not job.is_mock:
        return f"only the mock can be asked: {workflow.mock_only}"
    if not job.is_mock and workflow.spend > limit.left:
        return f"could cost {workflow.spend} USD, and {limit.left} USD of the budget are left"
    missing = [name for name in workflow.depends_on if statuses.get(name) not in ("kept", "warned")]
    return f"depends on {', '.join(missing)}" if missing else ""


def _outcome(
    workflow: Workflow,
    status: Status,
    *,
    run: WorkflowRun | None = None,
    findings: tuple[Finding, ...] = (),
    known: tuple[Finding, ...] = (),
    reason: str = "",
    seconds: float = 0,
) -> Outcome:
    return Outcome(
        id=workflow.id,
        file=workflow.file,
        line=workflow.line,
        summary=workflow.summary,
        proves=workflow.proves,
        spend=workflow.spend,
        status=status,
        seconds=seconds,
        requests=run.requests if run else 0,
        findings=findings,
        known=known,
        reason=reason,
    )


def _inputs(workflow: Workflow, given: Mapping[str, str]) -> dict[str, Any]:
    """The workflow's inputs: its defaults, then what was given of those it declares."""
    declared = workflow.inputs.get("properties", {})
    defaults = {name: each["default"] for name, each in declared.items() if "default" in each}
    return defaults | {name: value for name, value in given.items() if name in declared}


def _sources(
    description: Description,
    documents: Mapping[str, Mapping[str, Any]],
    read: dict[str | Path, ApiSource],
) -> dict[str, ApiSource]:
    """By name; each document is prepared once for all contracts, and kept in `read`."""
    found = {}
    for name, url in description.sources.items():
        given = name in documents
        key = name if given else description.file.parent / url
        if key not in read:
            api = OpenApi(documents[name] if given else _beside(description.file, url))
            read[key] = ApiSource(api, Conformance(api))
        found[name] = read[key]
    return found


def _beside(contract: Path, url: str) -> Mapping[str, Any]:
    """The OpenAPI document at `url`, which must be a file beside the contract."""
    if "://" in url:
        raise ContractError(contract, f"the source {url} is not a file, and nothing is downloaded")
    value, _ = read_yaml(contract.parent / url)
    if not isinstance(value, dict) or "openapi" not in value:
        raise ContractError(contract.parent / url, "is no OpenAPI document")
    return value


def _named(every: Sequence[Due], name: str) -> list[Due]:
    """The workflow of that id; or those of the file, or that prove the fact, of that name."""
    found = [each for each in every if each.workflow.id == name]
    found = found or [each for each in every if name in _other_names(each)]
    if not found:
        known = ", ".join(each.workflow.id for each in every)
        raise TargetError(f"--only {name}: no such workflow, file or fact; there are {known}")
    return found


def _other_names(due: Due) -> tuple[str, ...]:
    file = due.workflow.file.name
    return (file, file.removesuffix(".arazzo.yaml"), *due.workflow.proves)
