"""`model`: folders of models, made from a saved page of the vendor, and explained."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.options import JSON
from mock_mindvideo.cli.output import Commands
from mock_mindvideo.cli.problems import (
    INVALID,
    clear_contract_problems,
    clear_problems,
    fail,
    needs,
)
from mock_mindvideo.cli.reports import pretty

if TYPE_CHECKING:
    from mock_mindvideo.contract.adopting.draft import Draft


@click.group(cls=Commands)
def model() -> None:
    """Make a model's folder from a page of the vendor, or explain one."""


@model.command()
@click.argument("page", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--write",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Write DIR/models/<slug>/, for `serve --schemas DIR`.  [default: .]",
)
@click.option("--replace", is_flag=True, help="In place of a folder that is there.")
@click.option(
    "--saved",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the page was saved.  [default: the file's]",
)
@JSON
def add(page: Path, *, place: Path, replace: bool, saved: datetime | None, as_json: bool) -> None:
    """Make a folder from a saved page: text or HTML; - is stdin.

    Schema, example, price and what is said in prose are read; what the page leaves open is asked.
    Exit code 0: written, 2: it cannot be read or written.
    """
    with needs("contracts"), clear_contract_problems(), clear_problems():
        from mock_mindvideo.contract.adopting.draft import draft_of  # noqa: PLC0415
        from mock_mindvideo.contract.adopting.writing import write_draft  # noqa: PLC0415

        draft = draft_of(page, f"{saved or _saved(page):%Y-%m-%d}")
        folder = write_draft(draft, place, replace=replace)
    if as_json:
        told = {"slug": draft.slug, "folder": str(folder), "files": draft.grounds}
        click.echo(pretty(told | {"kept": draft.kept, "questions": draft.questions}))
    else:
        _tell(draft, folder, place)


def _saved(page: Path) -> datetime:
    """When a file was last written; now for standard input."""
    try:
        return datetime.fromtimestamp(page.stat().st_mtime, UTC)
    except OSError:  # standard input, or what cannot be read, which is told when it is
        return datetime.now(UTC)


def _tell(draft: "Draft", folder: Path, place: Path) -> None:
    click.echo(f"{folder}: {draft.files['model.json']['title']}")
    for name, ground in draft.grounds.items():
        click.echo(f"  {name:<22} {ground}")
    if draft.kept:
        click.echo(f"Of the packaged model, since no page says it: {', '.join(draft.kept)}")
    if draft.questions:
        click.echo("Questions that the page leaves open:")
    for each in draft.questions:
        click.echo(f"  - {each}")
    click.echo(f"Look at it with: mock-mindvideo model check {folder}")
    click.echo(f"Serve it with: mock-mindvideo serve --schemas {place}")


@model.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@JSON
def check(folder: Path, *, as_json: bool) -> None:
    """Explain a model's folder, or each in DIR/models.

    Exit code 0: it can be served, 1: something is wrong with it, 2: there is none.
    """
    from mock_mindvideo.cli.model_folder import explained  # noqa: PLC0415 - `--help` need not load it

    try:
        told = [explained(each) for each in _folders(folder)]
    except OSError as problem:
        fail(f"{problem.filename or folder}: cannot be read: {problem.strerror}")
    if as_json:
        click.echo(pretty({"models": told}))
    else:
        click.echo("\n\n".join("\n".join(_lines(each)) for each in told))
    if not all(each["valid"] for each in told):
        raise click.exceptions.Exit(INVALID)


def _folders(folder: Path) -> list[Path]:
    """The folder itself if it is a model's, else those in its `models`."""
    if not folder.is_dir():
        fail(f"{folder}: no such folder")
    inner = folder / "models"
    if not inner.is_dir():
        return [folder]
    found = sorted(each for each in inner.iterdir() if each.is_dir() and each.name[0] not in "._")
    return found or fail(f"{inner}: no model is in it")


def _lines(told: dict[str, Any]) -> list[str]:
    if not told["valid"]:
        return [
            f"{told['folder']}/{each['file']}#{each['pointer']}: {each['reason']}"
            for each in told["problems"]
        ]
    example, unit = told["example"], f" for each unit of {told['unit']}" if told["unit"] else ""
    shown = f"{example['width']}x{example['height']}"
    length = f"{example['seconds']:g} s" if example["seconds"] else f"{example['count']} of them"
    sound = ", with sound" if example["sound"] else ""
    return [
        f"{told['slug']}: {told['title']}, {told['fidelity']}; answers with {told['output']}",
        "Takes:",
        *(f"  {_property(each)}" for each in told["properties"]),
        f"  Other members are {told['others']}.",
        *_section("Rules beside the schema:", told["rules"]),
        *_section("Advice, or with --profile strict refusals:", told["advice"]),
        f"Costs in US dollars{unit}:",
        *(f"  {_price(each)}" for each in told["prices"]),
        *_section("And for each second of the clips sent:", map(_price, told["input_prices"])),
        f"  Charged when {' or '.join(told['charge_on']) or 'never'}.",
        f"Its example costs {example['cost']}, and is {shown}, {length}{sound}.",
        *_section("Worth a look:", told["warnings"]),
    ]


def _section(head: str, lines: Any) -> list[str]:
    found = [f"  {each}" for each in lines]
    return [head, *found] if found else []


def _property(each: dict[str, Any]) -> str:
    kind = each["type"] if isinstance(each["type"], str) else " or ".join(each["type"])
    parts = [kind, each["limits"], "required" if each["required"] else ""]
    default = [f"default {each['default']!r}"] if "default" in each else []
    return f"{each['name']:<18} {', '.join(filter(None, [*parts, *default]))}"


def _price(each: dict[str, Any]) -> str:
    when = ", ".join(f"{name} {value}" for name, value in each["when"].items()) or "else"
    flat = " for a task" if each.get("flat") else ""
    return f"{when}: {each['price']}{flat} ({each['fidelity']})"
