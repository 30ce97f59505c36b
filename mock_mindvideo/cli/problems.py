"""Misuse and bad files end a command with one line and exit code 2, never with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

VALID, INVALID, MISUSE = 0, 1, 2


def fail(message: str, code: int = MISUSE) -> NoReturn:
    """Say `message` on stderr and end with `code`."""
    click.echo(f"mock-mindvideo: {message}", err=True)
    raise click.exceptions.Exit(code)


@contextmanager
def clear_problems() -> Iterator[None]:
    """Turn what a user can get wrong into one line and exit code 2."""
    from mock_mindvideo.catalog import CatalogError  # noqa: PLC0415 - `--help` need not load it
    from mock_mindvideo.domain.errors import MockError  # noqa: PLC0415
    from mock_mindvideo.domain.script import ScriptError  # noqa: PLC0415
    from mock_mindvideo.settings import SettingsError  # noqa: PLC0415
    from mock_mindvideo.stores.sqlite_file import StoreError  # noqa: PLC0415

    try:
        yield
    except (CatalogError, ScriptError, SettingsError, StoreError, MockError) as problem:
        fail(str(problem))
