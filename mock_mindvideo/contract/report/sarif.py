"""Findings as SARIF 2.1.0, which code scanning shows at the line of the file."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mock_mindvideo.contract.results import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Place(NamedTuple):
    """One result. `rule` is its id, `line` from 1, or 0 for the whole file."""

    rule: str
    level: Literal["error", "warning", "note"]
    message: str
    file: str
    line: int


def sarif(places: Iterable[Place], rules: Mapping[str, str], command: str) -> dict[str, Any]:
    """The log of one run; `rules` are the descriptions of the rules by id."""
    found = list(places)
    named = sorted({place.rule for place in found})
    driver = {
        "name": f"mock-mindvideo {command}",
        "version": version("mock-mindvideo"),
        "rules": [
            {"id": rule, "shortDescription": {"text": rules.get(rule) or rule}} for rule in named
        ],
    }
    results = [_result(place, named.index(place.rule)) for place in found]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def places(report: Report) -> Iterable[Place]:
    """A run's findings, each under the first fact that it goes against."""
    for outcome in report.outcomes:
        for finding in outcome.findings:
            yield Place(
                rule=next(iter(finding.proves), outcome.id),
                level="error" if report.is_error(finding) else "warning",
                message=f"{outcome.id} / {finding.step}: {finding.expected}; {finding.saw}"
                f" (against {', '.join(finding.proves)})",
                file=relative(finding.file),
                line=finding.line,
            )


def relative(file: Path) -> str:
    """The file as a reader of CI's results finds it: from the working directory, if it is in it."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.resolve().as_posix()


def _result(place: Place, rule_index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        location["region"] = {"startLine": place.line}
    return {
        "ruleId": place.rule,
        "ruleIndex": rule_index,
        "level": place.level,
        "message": {"text": place.message},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    return Path(file).as_uri() if Path(file).is_absolute() else file
