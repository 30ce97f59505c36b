"""A run's verdict on each fact that it touched."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from mock_mindvideo.contract.results import KINDS, Finding, Report


class FactVerdict(NamedTuple):
    """One fact: `findings` go against it, the first of them stands at `place`."""

    id: str
    kind: str
    statement: str
    verdict: Literal["kept", "broken", "warned", "unchecked"]
    findings: int
    place: str


def fact_verdicts(report: Report) -> Iterator[FactVerdict]:
    """The facts that the chosen workflows prove or that a finding names, in the order of ids."""
    against: dict[str, list[Finding]] = {}
    checked: set[str] = set()
    due: set[str] = set()
    for outcome in report.outcomes:
        due.update(outcome.proves)
        if outcome.status in ("kept", "warned", "broken"):
            checked.update(outcome.proves)
        for finding in outcome.findings:
            for fact in finding.proves:
                against.setdefault(fact, []).append(finding)
    for fact in sorted(due | against.keys()):
        yield _verdict(report, fact, against.get(fact, []), checked=fact in checked)


def _verdict(report: Report, fact: str, found: list[Finding], *, checked: bool) -> FactVerdict:
    verdict: Literal["kept", "broken", "warned", "unchecked"] = "kept" if checked else "unchecked"
    if found:
        verdict = "broken" if any(map(report.is_error, found)) else "warned"
    return FactVerdict(
        id=fact,
        kind=KINDS[fact[0]],
        statement=report.facts.get(fact, ""),
        verdict=verdict,
        findings=len(found),
        place=f"{found[0].file.name}:{found[0].line}" if found else "",
    )
