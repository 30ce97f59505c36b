"""What a run found: for each workflow whether it is kept, and what broke it, without any key."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

Status = Literal["kept", "broken", "warned", "skipped", "unchecked"]

#: The kind of a behaviour by the first letter of its id.
KINDS: Mapping[str, str] = {
    "D": "documented",
    "O": "observed",
    "I": "inferred",
    "X": "invented",
    "E": "extension",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An exchange as it may be shown: keys masked, long bodies cut."""

    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was not as the contract has it.

    `check` is criterion, status, media-type, header, schema or value; `expected` is the
    condition, `saw` the value that it met; `proves` are the facts that it goes against.
    """

    file: Path
    line: int
    step: str
    step_line: int
    check: str
    expected: str
    saw: str
    proves: tuple[str, ...]
    exchange: Shown | None

    @property
    def documented(self) -> bool:
        """Whether a documented fact is among those it goes against, or it names none."""
        return not self.proves or any(fact.startswith("D") for fact in self.proves)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One workflow after the run. `reason` says why it was skipped or could not be checked.

    `known` are the warnings that stand in the baseline.
    """

    id: str
    file: Path
    line: int
    summary: str
    proves: tuple[str, ...]
    spend: Decimal
    status: Status
    seconds: float
    requests: int
    findings: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of one run. `spent` is the worst case of what was sent, in US dollars."""

    target: str
    is_mock: bool
    strict: bool
    outcomes: tuple[Outcome, ...]
    spent: Decimal
    seconds: float
    facts: Mapping[str, str]
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0 kept, 1 broken, 2 could not be checked."""
        statuses = {outcome.status for outcome in self.outcomes}
        if "broken" in statuses:
            return 1
        ran = statuses & {"kept", "warned"}
        return 2 if self.interrupted or "unchecked" in statuses or not ran else 0

    def count(self, status: Status) -> int:
        """How many workflows ended so."""
        return sum(outcome.status == status for outcome in self.outcomes)

    def is_error(self, finding: Finding) -> bool:
        """Whether a finding breaks the run, or is a warning."""
        return self.strict or finding.documented


def words_of(facts: tuple[str, ...], statements: Mapping[str, str]) -> str:
    """Facts with their kinds and statements, for a person."""
    return "; ".join(
        f"{fact} ({KINDS[fact[0]]}): {statements.get(fact, 'unknown')}" for fact in facts
    )
