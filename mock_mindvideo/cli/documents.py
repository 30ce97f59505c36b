"""`rules` and `openapi`: what the mock does, and how far each part can be trusted."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from mock_mindvideo.cli.options import CONTESTED, JSON, MODELS, SCHEMAS
from mock_mindvideo.cli.problems import clear_problems
from mock_mindvideo.platform import PLATFORM

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog

DEFAULT = click.core.ParameterSource.DEFAULT


@click.command()
@click.option(
    "--kind",
    type=click.Choice(("documented", "observed", "inferred", "invented", "extension")),
    help="Only behaviours of this fidelity.",
)
@SCHEMAS
@JSON
def rules(kind: str | None, schemas: tuple[Path, ...], as_json: bool) -> None:
    """List every behaviour with its fidelity and source, the script words and the magic hosts."""
    from mock_mindvideo.catalog import catalog_of  # noqa: PLC0415
    from mock_mindvideo.web.control.views import rules_view  # noqa: PLC0415

    with clear_problems():
        listed = rules_view(catalog_of(schemas))
    listed["behaviours"] = [each for each in listed["behaviours"] if kind in (None, each["kind"])]
    if as_json:
        click.echo(orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(listed)


@click.command()
@SCHEMAS
@MODELS
@CONTESTED
@click.option(
    "--server",
    default=PLATFORM.origin,
    show_default=True,
    metavar="URL",
    help="The server that the document names.",
)
@click.option("--strict", is_flag=True, help="As under --profile strict.")
@click.option("--vendor-only", is_flag=True, help="Leave out what is the mock's own.")
@click.option("--control", is_flag=True, help="The document of the control plane instead.")
def openapi(
    schemas: tuple[Path, ...],
    models: tuple[str, ...],
    contested: tuple[str, ...],
    server: str,
    strict: bool,
    vendor_only: bool,
    control: bool,
) -> None:
    """Print the OpenAPI 3.1 document of the emulated API.

    With --vendor-only it holds what the vendor documents or others imply: no X-Mock headers, no
    invented refusals, no form of errors and events, no limits of ids and keys.
    """
    from mock_mindvideo.catalog import load  # noqa: PLC0415
    from mock_mindvideo.web.openapi import openapi as document  # noqa: PLC0415

    if control and (strict or vendor_only):
        raise click.UsageError("--control cannot be combined with --strict or --vendor-only")
    with clear_problems():
        catalog = load(schemas, models=models, contested=contested)
        made = (
            _control(catalog, server)
            if control
            else document(catalog, server, strict=strict, vendor=vendor_only)
        )
    click.echo(orjson.dumps(made, option=orjson.OPT_INDENT_2).decode())


def _control(catalog: "Catalog", server: str) -> dict[str, Any]:
    """The control plane's document, which `MockServer` and `serve` have at that address."""
    from mock_mindvideo.web.control.document import control_document  # noqa: PLC0415

    own = click.get_current_context().get_parameter_source("server") is not DEFAULT
    return control_document(catalog, server if own else "http://127.0.0.1:8080")


def _print(listed: dict[str, Any]) -> None:
    for each in listed["behaviours"]:
        click.echo(f"{each['id']}  {each['kind']:<10}  {each['statement']}")
        click.echo(f"     {'':<10}  source: {each['source']}")
    click.echo("\nScript words (X-Mock-Script, control plane, --script):")
    everything = max(map(len, listed["words_act_on"].values()))
    for name, form in listed["words"].items():
        click.echo(f"  {name:<20} {form}")
        if len(listed["words_act_on"][name]) < everything:
            click.echo(f"  {'':<20} acts on {', '.join(listed['words_act_on'][name])}")
    click.echo("\nMagic hosts of reference URLs, like https://stuck.mock.invalid/x.jpg:")
    for host, what in listed["magic_hosts"].items():
        click.echo(f"  {host:<40} {what}")
