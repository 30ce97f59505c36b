"""`drift`: what has changed between two versions of what the vendor publishes."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_mindvideo.cli.options import JSON, SARIF
from mock_mindvideo.cli.problems import INVALID, clear_contract_problems, fail, needs
from mock_mindvideo.cli.reports import pretty, save

if TYPE_CHECKING:
    from mock_mindvideo.contract.drift.report import DriftResult
    from mock_mindvideo.contract.drift.sources import Source

FORMATS = ("text", "json", "sarif", "github")


@click.command()
@click.argument("old", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("new", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--for",
    "concerns",
    type=click.Choice(("requests", "readers", "both")),
    help="Whether a bare schema describes what clients send, what they read, or both."
    "  [default: by its file's name, else requests]",
)
@click.option(
    "--ignore",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Known changes, one a line: the id of a rule or fact, and optionally a pointer.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning")),
    default="error",
    show_default=True,
    help="The lowest level of a change that makes the exit code 1.",
)
@click.option(
    "--update", is_flag=True, help="Write the new schema into OLD, which must be a model folder."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=None,
    help="What to print.  [default: text]",
)
@JSON
@SARIF
def drift(  # noqa: PLR0917 - click gives each option
    old: Path,
    new: Path,
    concerns: str | None,
    ignore: Path | None,
    fail_on: str,
    update: bool,
    form: str | None,
    as_json: bool,
    sarif: Path | None,
) -> None:
    """Compare two schema files, model folders, OpenAPI documents, or saved pages; - is stdin.

    Exit code 0: nothing breaks, 1: something breaks, 2: misuse.
    """
    if str(old) == str(new) == "-":
        fail("only one of the two can come from standard input")
    with needs("contracts"), clear_contract_problems():
        from mock_mindvideo.contract.drift.comparing import compare  # noqa: PLC0415
        from mock_mindvideo.contract.drift.ignoring import read_ignored  # noqa: PLC0415
        from mock_mindvideo.contract.drift.report import judged  # noqa: PLC0415
        from mock_mindvideo.contract.drift.sources import read_source  # noqa: PLC0415

        ignored = read_ignored(ignore) if ignore else None
        before, after = read_source(old), read_source(new)
        verdict = judged(compare(before, after), concerns, fail_on, ignored, (old, new, after.file))
    for line in verdict.unused:
        click.echo(f"mock-mindvideo: {ignore}: nothing to ignore for: {line}", err=True)
    _write(verdict, form or ("json" if as_json else "text"), sarif)
    if update:
        _update(old, after)
    if verdict.failing:
        raise click.exceptions.Exit(INVALID)


def _write(verdict: "DriftResult", form: str, sarif: Path | None) -> None:
    from mock_mindvideo.contract.drift.report import as_json, as_sarif, as_text  # noqa: PLC0415
    from mock_mindvideo.contract.report.annotations import annotations  # noqa: PLC0415

    if sarif:
        save(sarif, pretty(as_sarif(verdict)))
    if form == "json":
        click.echo(pretty(as_json(verdict)))
    elif form == "sarif":
        click.echo(pretty(as_sarif(verdict)))
    else:
        click.echo(as_text(verdict))
        if form == "github" or os.environ.get("GITHUB_ACTIONS") == "true":
            for line in annotations(iter(verdict.places())):
                click.echo(line)


def _update(folder: Path, new: "Source") -> None:
    """Write the schema; prices and prose stay for a person to look at."""
    target = folder / "input.schema.json"
    if not target.is_file():
        fail(f"--update: {folder} must be a model folder, with an input.schema.json")
    if not isinstance(new.schema, dict):
        fail(f"--update: {new.file} holds no schema")
    save(target, json.dumps(new.schema, indent=2, ensure_ascii=False) + "\n")
    click.echo(f"{target}: written", err=True)
