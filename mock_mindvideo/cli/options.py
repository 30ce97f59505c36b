"""Options that several commands share."""

from pathlib import Path

import click

from mock_mindvideo.platform.data import schemas_folder


class SchemasFolder(click.Path):
    """A folder of schemas, or the name of a dialect that travels with the package."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # type: ignore[override]
        return super().convert(schemas_folder(Path(value)), param, ctx)  # type: ignore[return-value]


class CommaSeparated(click.types.StringParamType):
    """One of several; a variable has them with commas or spaces between."""

    def split_envvar_value(self, rv: str) -> list[str]:
        return rv.replace(",", " ").split()


def _separated(
    ctx: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Names that were given with commas between, one by one."""
    return tuple(name for each in given for name in each.replace(",", " ").split())


MODELS = click.option(
    "--models",
    multiple=True,
    type=CommaSeparated(),
    callback=_separated,
    metavar="SLUG|all",
    help="Offer these of the packaged models, or all. Only wan2-7-r2v is documented; what is known"
    " of the others is their example and its price. Repeatable.  [default: the documented one]",
)
CONTESTED = click.option(
    "--contested",
    multiple=True,
    type=CommaSeparated(),
    callback=_separated,
    metavar="QUESTION=SIDE",
    help="Take a side where public sources differ: links=24h or links=72h, first-frame=enough or"
    " first-frame=not-enough, video-input=free or video-input=billed; the first of each is usual."
    " Repeatable.",
)
SCHEMAS = click.option(
    "--schemas",
    multiple=True,
    metavar="DIR",
    type=SchemasFolder(path_type=Path, exists=True, file_okay=False),
    help="Add or replace models: DIR/models/<slug>/. Or answer in another dialect:"
    " DIR/platform/http.json, or the name of a shipped one. Repeatable.",
)
CACERT = click.option(
    "--cacert",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Certificates to trust.  [default: SSL_CERT_FILE, else the usual ones]",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
SARIF = click.option(
    "--sarif",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a SARIF 2.1.0 report there, for code scanning.",
)
