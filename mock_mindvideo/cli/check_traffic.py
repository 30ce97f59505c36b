"""`check-traffic`: does an application's recorded traffic speak the contract?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.options import CONTESTED, JSON, SCHEMAS
from mock_mindvideo.cli.problems import (
    INVALID,
    clear_contract_problems,
    clear_problems,
    fail,
    needs,
)
from mock_mindvideo.cli.reports import pretty
from mock_mindvideo.domain.counting import counted

if TYPE_CHECKING:
    from mock_mindvideo.contract.traffic.recorded import TrafficFinding

FORMAT = "mock-mindvideo-traffic/1"


@click.command("check-traffic")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--strict", is_flag=True, help="Warnings count too.")
@SCHEMAS
@CONTESTED
@JSON
@click.option("-q", "--quiet", is_flag=True, help="Print only errors, and the last line of each.")
@click.option("-v", "--verbose", is_flag=True, help="Print every warning.")
def check_traffic(
    files: tuple[Path, ...],
    strict: bool,
    schemas: tuple[Path, ...],
    contested: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check recorded exchanges with the API: HAR files, and journals of the mock; `-` reads stdin.

    A difference from what the vendor documents is an error; one from what only the mock does is
    a warning.

    Exit code 0: fine, 1: something is wrong, 2: nothing could be checked. Keys are never printed.
    """
    with needs("contracts"), clear_contract_problems(), clear_problems():
        checked = _check(files, schemas, contested)
    found = [fault for _, faults in checked.values() for fault in faults]
    if as_json:
        click.echo(pretty(_json(checked)))
    else:
        _print(checked, every=strict or verbose, quiet=quiet)
    if any(strict or fault.severity == "error" for fault in found):
        raise click.exceptions.Exit(INVALID)


def _check(
    files: tuple[Path, ...], schemas: tuple[Path, ...], contested: tuple[str, ...]
) -> "dict[Path, tuple[int, tuple[TrafficFinding, ...]]]":
    """For each file how many exchanges it holds, and their faults."""
    from mock_mindvideo.catalog import ALL, load  # noqa: PLC0415 - `--help` need not load it
    from mock_mindvideo.contract.traffic.checking import check_traffic  # noqa: PLC0415
    from mock_mindvideo.contract.traffic.reading import read_recording  # noqa: PLC0415
    from mock_mindvideo.web.openapi import openapi  # noqa: PLC0415

    recordings = {file: read_recording(file) for file in files}
    for file, entries in recordings.items():
        if not entries:
            fail(f"{file}: no exchange with the API is in it")
    catalog = load(schemas, models=(ALL,), contested=contested)
    document = json.loads(json.dumps(openapi(catalog, "http://127.0.0.1:8080")))
    return {
        file: (len(entries), check_traffic(entries, catalog, document))
        for file, entries in recordings.items()
    }


def _print(
    checked: "dict[Path, tuple[int, tuple[TrafficFinding, ...]]]", *, every: bool, quiet: bool
) -> None:
    for file, (count, faults) in checked.items():
        errors = [each for each in faults if each.severity == "error"]
        for each in faults if every else errors:
            facts = f" ({', '.join(each.proves)})"
            click.echo(f"{file}: entry {each.number}: {each.severity}: {each.side}: {each.pointer}")
            click.echo(f"    {each.message}{facts}")
        if not (every or quiet):
            _print_warnings(file, [each for each in faults if each not in errors])
        warnings = len(faults) - len(errors)
        told = ((count, "exchange"), (len(errors), "error"), (warnings, "warning"))
        click.echo(f"{file}: {', '.join(counted(*each) for each in told)}")


def _print_warnings(file: Path, warnings: "list[TrafficFinding]") -> None:
    """One line for each fact: how often, and the first of them."""
    by_fact: dict[str, list[TrafficFinding]] = {}
    for each in warnings:
        by_fact.setdefault(" ".join(each.proves), []).append(each)
    for facts, (first, *more) in sorted(by_fact.items()):
        words = first.message if len(first.message) <= 120 else first.message[:119] + "…"
        times = f", and {len(more)} more" if more else ""
        click.echo(f"{file}: entry {first.number}: warning: {facts}: {words}{times}")


def _json(checked: "dict[Path, tuple[int, tuple[TrafficFinding, ...]]]") -> dict[str, Any]:
    return {
        "format": FORMAT,
        "files": [
            {
                "file": str(file),
                "exchanges": count,
                "faults": [
                    {
                        "entry": each.number,
                        "pointer": each.pointer,
                        "side": each.side,
                        "severity": each.severity,
                        "message": each.message,
                        "facts": list(each.proves),
                    }
                    for each in faults
                ],
            }
            for file, (count, faults) in checked.items()
        ],
    }
