"""Reports in the forms that were asked for: on stdout, and in files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from mock_mindvideo.cli.problems import fail
from mock_mindvideo.system.files import write_file

if TYPE_CHECKING:
    from mock_mindvideo.cli.outputs import Outputs
    from mock_mindvideo.contract.results import Report

FORMATS = ("text", "json", "junit", "sarif", "github")


def write_report(report: "Report", options: dict[str, Any], outputs: "Outputs") -> None:
    """The report in every form that was asked for."""
    for name in ("junit", "sarif"):
        if options[name]:
            outputs.write(options[name], formatted(report, name))
    if options["format"] == "text":
        _print(report, options)
    else:
        click.echo(formatted(report, options["format"]).rstrip("\n"))


def formatted(report: "Report", form: str) -> str:
    """The report as one of FORMATS that is for programs."""
    from mock_mindvideo.contract.report.annotations import annotations  # noqa: PLC0415
    from mock_mindvideo.contract.report.as_json import as_json  # noqa: PLC0415
    from mock_mindvideo.contract.report.junit import junit  # noqa: PLC0415
    from mock_mindvideo.contract.report.sarif import places, sarif  # noqa: PLC0415

    if form == "junit":
        return junit(report)
    if form == "sarif":
        return pretty(sarif(places(report), report.facts, "verify"))
    if form == "github":
        return "\n".join(annotations(places(report)))
    return pretty(as_json(report))


def _print(report: "Report", options: dict[str, Any]) -> None:
    for text in _texts(report, options):
        click.echo(text)
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    annotated = in_actions if options["github"] is None else options["github"]
    if annotated and (lines := formatted(report, "github")):
        click.echo(lines)


def _texts(report: "Report", options: dict[str, Any]) -> Iterator[str]:
    from mock_mindvideo.contract.report.table import by_fact, findings, summary  # noqa: PLC0415

    quiet = options["quiet"]
    for outcome in report.outcomes:
        for text in findings(report, outcome, errors_only=not options["verbose"]):
            yield f"\n{text}"
    facts = [] if quiet else list(by_fact(report))
    if facts:
        yield "\n" + "\n".join(facts)
    yield summary(report) if quiet else f"\n{summary(report)}"


def save(file: Path, content: str | bytes) -> None:
    """Write a file; where that fails, the command ends, and it holds what it held."""
    try:
        write_file(file, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        fail(f"{file}: cannot be written: {error.strerror}")


def pretty(value: object) -> str:
    """JSON as people read it."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
