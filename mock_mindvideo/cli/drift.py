"""`drift`: what has changed between two versions of what the vendor publishes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.options import JSON, SARIF
from mock_mindvideo.cli.problems import INVALID, clear_contract_problems, fail, needs
from mock_mindvideo.cli.reports import pretty, save

if TYPE_CHECKING:
    from mock_mindvideo.contract.drift.change import Change
    from mock_mindvideo.contract.drift.sources import Source

FORMAT = "mock-mindvideo-drift/1"


@click.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--for",
    "concerns",
    type=click.Choice(("requests", "readers", "both")),
    help="Whom a bare schema is for.  [default: by its file's name, else requests]",
)
@click.option(
    "--update", is_flag=True, help="Write the new schema into OLD, which must be a model folder."
)
@JSON
@SARIF
def drift(
    old: Path, new: Path, concerns: str | None, update: bool, as_json: bool, sarif: Path | None
) -> None:
    """Compare two schema files, model folders, OpenAPI documents, or saved pages.

    Exit code 0: nothing breaks, 1: something breaks, 2: misuse.
    """
    with needs("contracts"), clear_contract_problems():
        from mock_mindvideo.contract.drift.comparing import compare  # noqa: PLC0415
        from mock_mindvideo.contract.drift.sources import read_source  # noqa: PLC0415

        before, after = read_source(old), read_source(new)
        changes = compare(before, after)
    breaking = [each for each in changes if _breaks(each, concerns)]
    if sarif:
        save(sarif, pretty(_sarif(changes, breaking, after)))
    if as_json:
        click.echo(pretty(_json(changes, breaking, old, new)))
    else:
        _print(changes, breaking, after)
    if update:
        _update(old, after)
    if breaking:
        raise click.exceptions.Exit(INVALID)


def _breaks(change: "Change", concerns: str | None) -> bool:
    if concerns == "both":
        return change.requests or change.readers
    return getattr(change, concerns) if concerns else change.breaking


def _verdict(change: "Change") -> str:
    broken = [who for who in ("requests", "readers") if getattr(change, who)]
    return f"breaks {' and '.join(broken)}" if broken else "harmless"


def _print(changes: "tuple[Change, ...]", breaking: "list[Change]", new: "Source") -> None:
    for each in changes:
        weight = "BREAKING" if each in breaking else "harmless"
        click.echo(f"{new.file}:{each.line}: {weight}: {each.part} {each.pointer or '/'}")
        click.echo(f"    {each.message} ({_verdict(each)})")
    click.echo(f"{len(changes)} changes, {len(breaking)} of them breaking")


def _json(
    changes: "tuple[Change, ...]", breaking: "list[Change]", old: Path, new: Path
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "old": str(old),
        "new": str(new),
        "breaking": bool(breaking),
        "changes": [
            {
                "part": each.part,
                "pointer": each.pointer,
                "line": each.line,
                "message": each.message,
                "breaking": each in breaking,
                "breaks_requests": each.requests,
                "breaks_readers": each.readers,
            }
            for each in changes
        ],
    }


def _sarif(
    changes: "tuple[Change, ...]", breaking: "list[Change]", new: "Source"
) -> dict[str, Any]:
    from mock_mindvideo.contract.report.sarif import Place, relative, sarif  # noqa: PLC0415

    rules = {"breaking": "Breaks requests or readers", "harmless": "Breaks nobody"}
    places = [
        Place(
            "breaking" if each in breaking else "harmless",
            "error" if each in breaking else "note",
            f"{each.part} {each.pointer or '/'}: {each.message} ({_verdict(each)})",
            relative(new.file),
            each.line,
        )
        for each in changes
    ]
    return sarif(places, rules, "drift")


def _update(folder: Path, new: "Source") -> None:
    """Write the schema; prices and prose stay for a person to look at."""
    target = folder / "input.schema.json"
    if not target.is_file():
        fail(f"--update: {folder} must be a model folder, with an input.schema.json")
    if not isinstance(new.schema, dict):
        fail(f"--update: {new.file} holds no schema")
    save(target, json.dumps(new.schema, indent=2, ensure_ascii=False) + "\n")
    click.echo(f"{target}: written", err=True)
