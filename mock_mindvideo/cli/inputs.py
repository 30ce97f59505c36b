"""`validate` and `estimate`: what the API would say of an input, and what it would cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from mock_mindvideo.cli.options import CONTESTED, JSON, SCHEMAS
from mock_mindvideo.cli.problems import INVALID, clear_problems, fail
from mock_mindvideo.platform import PLATFORM

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog

DEFAULT_MODEL = "wan2-7-r2v"

_MODEL = click.option("--model", help=f"The model of a bare input.  [default: {DEFAULT_MODEL}]")
_FILE = click.argument("file", default="-", metavar="[FILE|-]")


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@_MODEL
@SCHEMAS
@CONTESTED
@click.option("--strict", is_flag=True, help="Count advice as violations too.")
@JSON
def validate(
    files: tuple[str, ...],
    model: str | None,
    schemas: tuple[Path, ...],
    contested: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Check inputs, or whole request bodies. Exit code 0: valid, 1: invalid, 2: misuse.

    With --json, one FILE gives an object, several a list of them.
    """
    catalog = _catalog(schemas, contested)
    verdicts = [_verdict(file, model, catalog, strict) for file in files or ("-",)]
    if as_json:
        _print(verdicts if len(verdicts) > 1 else _alone(verdicts[0]))
    else:
        for verdict in verdicts:
            _tell(verdict)
    if not all(verdict["valid"] for verdict in verdicts):
        raise click.exceptions.Exit(INVALID)


def _verdict(file: str, model: str | None, catalog: "Catalog", strict: bool) -> dict[str, Any]:
    chosen, given = _load(file, model, catalog)
    broken = chosen.violations(given, strict=strict)
    return {
        "file": file,
        "valid": not broken,
        "model": chosen.slug,
        "violations": [violation._asdict() for violation in broken],
        "advice": [] if broken or strict else list(chosen.advice(given)),
    }


def _alone(verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict on the only file, whose name its caller knows."""
    return {name: value for name, value in verdict.items() if name != "file"}


def _tell(verdict: dict[str, Any]) -> None:
    file = verdict["file"]
    for each in verdict["violations"]:
        where = each["pointer"] or "/"
        click.echo(f"{file}: {where}: {each['message']}  [{each['schema_pointer']}]")
    for sentence in verdict["advice"]:
        click.echo(f"{file}: advice: {sentence}")
    click.echo(f"{file}: {'valid' if verdict['valid'] else 'not valid'} for {verdict['model']}")


@click.command()
@_FILE
@_MODEL
@SCHEMAS
@CONTESTED
@JSON
def estimate(
    file: str,
    model: str | None,
    schemas: tuple[Path, ...],
    contested: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what a valid input costs. Exit code 0: valid, 1: invalid, 2: misuse."""
    from mock_mindvideo.domain.pricing import text  # noqa: PLC0415

    chosen, given = _load(file, model, _catalog(schemas, contested))
    broken = chosen.violations(given)
    if broken:
        fail(f"{file}: {broken[0].pointer or '/'}: {broken[0].message}", code=INVALID)
    cost = text(chosen.estimate(given))
    if as_json:
        told = {"model": chosen.slug, PLATFORM.members.estimate: cost}
        _print(told | {"currency": chosen.pricing.currency})
    else:
        click.echo(f"{cost} {chosen.pricing.currency}")


def _catalog(schemas: tuple[Path, ...], contested: tuple[str, ...]) -> "Catalog":
    from mock_mindvideo.catalog import ALL, load  # noqa: PLC0415 - `--help` need not load it

    with clear_problems():
        return load(schemas, models=(ALL,), contested=contested)


def _load(file: str, slug: str | None, catalog: "Catalog") -> tuple[Any, Any]:
    """The model, and the input in `file`, which may stand inside a request body."""
    from mock_mindvideo.domain.payload import read_json  # noqa: PLC0415

    with _problems_of(file):
        value = read_json(_read(file))
        if isinstance(value, dict) and value.keys() == {"model", "input"}:
            named = value[PLATFORM.members.model]
            if not isinstance(named, str):
                fail(f"{file}: /model: must be of type string", code=INVALID)
            if slug not in (None, named):
                fail(f"{file}: the body is for the model {named!r}, --model says {slug!r}")
            return catalog.model(named), value[PLATFORM.members.input]
    with clear_problems():
        return catalog.model(slug or DEFAULT_MODEL), value


@contextmanager
def _problems_of(file: str) -> Iterator[None]:
    """Tell what is wrong with the content of a file under its name."""
    from mock_mindvideo.domain.errors import MockError  # noqa: PLC0415

    try:
        yield
    except MockError as problem:
        fail(f"{file}: {str(problem).removeprefix('the body ')}")


def _read(file: str) -> bytes:
    from mock_mindvideo.system.files import read_file, read_stdin  # noqa: PLC0415 - not for --help

    try:
        return read_stdin() if file == "-" else read_file(Path(file))
    except OSError as error:
        fail(f"{file}: cannot be read: {error.strerror}")


def _print(value: object) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
