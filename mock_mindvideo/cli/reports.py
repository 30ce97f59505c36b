"""Reports in the forms that were asked for: on stdout, and in files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from mock_mindvideo.cli.problems import fail

if TYPE_CHECKING:
    from mock_mindvideo.contract.results import Report


def write_report(report: "Report", options: dict[str, Any]) -> None:
    """The report in every form that was asked for."""
    from mock_mindvideo.contract.report.annotations import annotations  # noqa: PLC0415
    from mock_mindvideo.contract.report.as_json import as_json  # noqa: PLC0415
    from mock_mindvideo.contract.report.junit import junit  # noqa: PLC0415
    from mock_mindvideo.contract.report.sarif import places, sarif  # noqa: PLC0415
    from mock_mindvideo.contract.report.table import findings, summary  # noqa: PLC0415

    if options["junit"]:
        save(options["junit"], junit(report))
    if options["sarif"]:
        save(options["sarif"], pretty(sarif(places(report), report.facts, "verify")))
    if options["as_json"]:
        click.echo(pretty(as_json(report)))
        return
    for outcome in report.outcomes:
        for text in findings(report, outcome):
            click.echo(f"\n{text}")
    click.echo(f"\n{summary(report)}")
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    if in_actions if options["github"] is None else options["github"]:
        for line in annotations(iter(places(report))):
            click.echo(line)


def save(file: Path, text: str) -> None:
    """Write a file; where that fails, the command ends."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file}: cannot be written: {error.strerror}")


def pretty(value: object) -> str:
    """JSON as people read it."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
