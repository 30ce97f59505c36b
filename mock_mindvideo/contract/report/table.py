"""The report for a person: what is broken in full, what is only different by fact."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from mock_mindvideo.contract.report.facts import FactVerdict, fact_verdicts
from mock_mindvideo.contract.report.places import relative
from mock_mindvideo.contract.results import KINDS, Finding, Outcome, Report, Status

_MARKS = {
    "kept": "ok  ",
    "broken": "FAIL",
    "warned": "warn",
    "skipped": "skip",
    "unchecked": "????",
}

#: The heaviest first: a file is marked by the heaviest of its workflows.
_WEIGHTS: tuple[Status, ...] = ("broken", "unchecked", "warned", "kept", "skipped")

#: Workflows that are shown one by one; more of them are shown by their files.
FEW = 12

#: Columns of a line about a fact.
_WIDTH = 100


def outcome_line(outcome: Outcome) -> str:
    """One workflow on one line."""
    facts = " ".join(outcome.proves)
    line = f"{_MARKS[outcome.status]}  {outcome.id:<34} {outcome.seconds:6.2f} s  {facts}"
    return f"{line}\n      {outcome.reason}" if outcome.reason else line


def file_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The workflows of each file on one line, and below it why some could not be checked."""
    for file, group in groupby(outcomes, key=lambda each: each.file):
        same = list(group)
        mark = next(each for each in _WEIGHTS if any(one.status == each for one in same))
        name = file.name.removesuffix(".arazzo.yaml")
        seconds = sum(each.seconds for each in same)
        yield f"{_MARKS[mark]}  {name:<20} {seconds:6.2f} s  {_counts(same)}"
    reasons = [each.reason for each in outcomes if each.status == "unchecked"]
    yield from (f"      {reason}" for reason in dict.fromkeys(reasons))


def findings(report: Report, outcome: Outcome, *, errors_only: bool = False) -> Iterator[str]:
    """What was wrong with one workflow, with request and answer."""
    for finding in outcome.findings:
        if report.is_error(finding) or not errors_only:
            yield "\n".join(_finding(report, outcome, finding))


def by_fact(report: Report) -> Iterator[str]:
    """What became of each fact: the documented ones on a line, a line for each warning."""
    verdicts = list(fact_verdicts(report))
    for verdict in ("kept", "broken", "unchecked"):
        ids = [each.id for each in verdicts if each.verdict == verdict and each.id[0] == "D"]
        if ids:
            yield f"documented, {verdict}: {' '.join(ids)}"
    warned = [each for each in verdicts if each.verdict == "warned"]
    if warned:
        yield "otherwise than this mock, where the vendor is silent (-v shows each):"
        yield from map(_warning, warned)


def summary(report: Report) -> str:
    """How the workflow came out, in one word."""
    parts = [f"{_counts(report.outcomes) or 'nothing was run'} in {report.seconds:.1f} s"]
    known = sum(len(outcome.known) for outcome in report.outcomes)
    if known:
        parts.append(f"{known} known warnings")
    if not report.is_mock:
        parts.append(f"at most {report.spent} USD were spent")
    if report.interrupted:
        parts.append("interrupted")
    return "; ".join(parts)


def _counts(outcomes: Sequence[Outcome]) -> str:
    counts = {status: sum(each.status == status for each in outcomes) for status in _MARKS}
    return ", ".join(f"{count} {status}" for status, count in counts.items() if count)


def _warning(each: FactVerdict) -> str:
    line = f"  {each.id} {each.findings:>4} ×  {each.statement}"
    room = _WIDTH - len(each.place) - 2
    return f"{line if len(line) <= room else line[: room - 1] + '…'}  {each.place}"


def _finding(report: Report, outcome: Outcome, finding: Finding) -> Iterator[str]:
    weight = "error" if report.is_error(finding) else "warning"
    yield f"{relative(finding.file)}:{finding.line}: {weight}: {outcome.id} / {finding.step}"
    for fact in finding.proves:
        yield f"    against {fact} ({KINDS[fact[0]]}): {report.facts.get(fact, 'unknown')}"
    yield f"    {finding.check}: {finding.expected}".rstrip(": ")
    yield f"    saw: {finding.saw}"
    if finding.line != finding.step_line:
        yield f"    the step stands at line {finding.step_line}"
    if finding.exchange:
        yield from _indented("request", finding.exchange.request)
        yield from _indented("answer", finding.exchange.answer)


def _indented(name: str, text: str) -> Iterator[str]:
    yield f"    {name}:"
    yield from (f"      {line}" for line in text.splitlines())
