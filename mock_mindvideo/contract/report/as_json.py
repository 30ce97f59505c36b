"""The report for a program. The format has a version; members may be added within one."""

from typing import Any

from mock_mindvideo.contract.report.facts import fact_verdicts
from mock_mindvideo.contract.report.places import relative
from mock_mindvideo.contract.results import KINDS, Finding, Outcome, Report

FORMAT = "mock-mindvideo-verify/1"


def as_json(report: Report) -> dict[str, Any]:
    """The report as a JSON object."""
    return {
        "format": FORMAT,
        "target": report.target,
        "mock": report.is_mock,
        "strict": report.strict,
        "exit_code": report.exit_code,
        "interrupted": report.interrupted,
        "seconds": round(report.seconds, 3),
        "spent_at_most": str(report.spent),
        "facts": [each._asdict() for each in fact_verdicts(report)],
        "workflows": [_outcome(report, outcome) for outcome in report.outcomes],
    }


def _outcome(report: Report, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "file": relative(outcome.file),
        "line": outcome.line,
        "summary": outcome.summary,
        "proves": list(outcome.proves),
        "spend": str(outcome.spend),
        "status": outcome.status,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
        "requests": outcome.requests,
        "known_warnings": len(outcome.known),
        "findings": [_finding(report, finding) for finding in outcome.findings],
    }


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    return {
        "severity": "error" if report.is_error(finding) else "warning",
        "step": finding.step,
        "line": finding.line,
        "step_line": finding.step_line,
        "check": finding.check,
        "expected": finding.expected,
        "saw": finding.saw,
        "facts": [
            {"id": fact, "kind": KINDS[fact[0]], "statement": report.facts.get(fact, "")}
            for fact in finding.proves
        ],
        "request": finding.exchange.request if finding.exchange else None,
        "answer": finding.exchange.answer if finding.exchange else None,
    }
