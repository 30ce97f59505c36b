"""Options that several commands share."""

from pathlib import Path

import click

SCHEMAS = click.option(
    "--schemas",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Add or replace models: DIR/models/<slug>/. Repeatable.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
SARIF = click.option(
    "--sarif",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a SARIF 2.1.0 report there, for code scanning.",
)
