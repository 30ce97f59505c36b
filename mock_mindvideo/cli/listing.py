"""What `verify` would run: as a list, and as files for other runners."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.problems import fail
from mock_mindvideo.cli.reports import pretty, save
from mock_mindvideo.system.files import read_file

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog
    from mock_mindvideo.contract.verify import Due


def list_workflows(due: "tuple[Due, ...]", as_json: bool) -> None:
    """Print what there is to check."""
    listed: list[dict[str, Any]] = [
        {
            "id": each.workflow.id,
            "file": str(each.workflow.file),
            "line": each.workflow.line,
            "summary": each.workflow.summary,
            "proves": list(each.workflow.proves),
            "spend": str(each.workflow.spend),
            "mock_only": each.workflow.mock_only,
        }
        for each in due
    ]
    if as_json:
        click.echo(pretty({"format": "mock-mindvideo-contracts/1", "workflows": listed}))
        return
    for each in listed:
        cost = "mock only" if each["mock_only"] else f"{each['spend']} USD"
        click.echo(f"{each['id']:<34} {cost:>11}  {' '.join(each['proves'])}")
        click.echo(f"    {each['summary']}")


def export(folder: Path, files: tuple[Path, ...], catalog: "Catalog", url: str | None) -> None:
    """What other Arazzo runners need: the contracts, and the documents beside them."""
    from mock_mindvideo.web.openapi import openapi  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{folder}: cannot be made: {error.strerror}")
    beside = {other for file in files for other in file.parent.glob("*.openapi.yaml")}
    for file in (*files, *sorted(beside)):
        save(folder / file.name, _content(file))
    document = openapi(catalog, url or "http://127.0.0.1:8080")
    save(folder / "openapi.json", pretty(document))
    click.echo(f"{folder}: {len(files)} contracts, {len(beside) + 1} OpenAPI documents")


def _content(file: Path) -> bytes:
    """What is in it; where it cannot be read, the command ends."""
    try:
        return read_file(file)
    except OSError as error:
        fail(f"{file}: cannot be read: {error.strerror}")
