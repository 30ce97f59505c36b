"""`examples`: valid and invalid inputs as JSON lines, for people who do not use Python."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from mock_mindvideo.cli.inputs import DEFAULT_MODEL
from mock_mindvideo.cli.options import SCHEMAS
from mock_mindvideo.cli.problems import clear_problems, fail


@click.command()
@click.option("--valid", type=click.IntRange(1), metavar="N", help="Print N valid inputs.")
@click.option("--invalid", is_flag=True, help="Print an invalid input for each rule.")
@click.option("--boundaries", is_flag=True, help="Only at the bounds, or just past them.")
@click.option("--seed", type=int, default=0, show_default=True, help="Print the same ones again.")
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="The model.")
@SCHEMAS
def examples(
    valid: int | None,
    invalid: bool,
    boundaries: bool,
    seed: int,
    model: str,
    schemas: tuple[Path, ...],
) -> None:
    """Print inputs as JSON lines; an invalid one stands beside the rule that it breaks.

    `{"value": {…}, "violation": {"pointer", "keyword", "schema_pointer"}}`
    """
    if (valid is None) == (not invalid):
        fail("say either --valid N or --invalid")
    with clear_problems():
        for line in _lines(valid, boundaries, seed, _model(model, schemas)):
            click.echo(json.dumps(line))  # ASCII, so that no line break hides in a text


def _model(slug: str, schemas: tuple[Path, ...]) -> Any:
    from mock_mindvideo.catalog import ALL, load  # noqa: PLC0415 - `--help` need not load it

    return load(schemas, models=(ALL,)).model(slug)


def _lines(valid: int | None, boundaries: bool, seed: int, model: Any) -> Iterator[object]:
    try:
        from mock_mindvideo.strategies import examples as drawn  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        fail(f"examples need {missing.name}: pip install 'mock-mindvideo[pytest]'")
    if valid is None:
        for found in drawn.invalid_examples(model, boundaries=boundaries, seed=seed):
            yield {"value": found.value, "violation": asdict(found.violation)}
        return
    inputs: Iterable[object] = (
        drawn.valid_boundaries(model, seed=seed)
        if boundaries
        else drawn.valid_examples(valid, model, seed=seed)
    )
    yield from inputs
