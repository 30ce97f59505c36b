"""The report for a person."""

from collections.abc import Iterator

from mock_mindvideo.contract.results import KINDS, Finding, Outcome, Report

_MARKS = {
    "kept": "ok  ",
    "broken": "FAIL",
    "warned": "warn",
    "skipped": "skip",
    "unchecked": "????",
}


def outcome_line(outcome: Outcome) -> str:
    """One workflow on one line."""
    facts = " ".join(outcome.proves)
    line = f"{_MARKS[outcome.status]}  {outcome.id:<34} {outcome.seconds:6.2f} s  {facts}"
    return f"{line}\n      {outcome.reason}" if outcome.reason else line


def findings(report: Report, outcome: Outcome) -> Iterator[str]:
    """What was wrong with one workflow, with request and answer."""
    for finding in outcome.findings:
        yield "\n".join(_finding(report, outcome, finding))


def summary(report: Report) -> str:
    """How it came out."""
    counts = [
        f"{report.count(status)} {status}"
        for status in ("kept", "broken", "warned", "skipped", "unchecked")
        if report.count(status)
    ]
    parts = [f"{', '.join(counts) or 'nothing was run'} in {report.seconds:.1f} s"]
    if not report.is_mock:
        parts.append(f"at most {report.spent} USD were spent")
    if report.interrupted:
        parts.append("interrupted")
    return "; ".join(parts)


def _finding(report: Report, outcome: Outcome, finding: Finding) -> Iterator[str]:
    weight = "error" if report.is_error(finding) else "warning"
    yield f"{finding.file}:{finding.line}: {weight}: {outcome.id} / {finding.step}"
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
