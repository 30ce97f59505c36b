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
    from mock_mindvideo.stores.base import StoreError  # noqa: PLC0415
    from mock_mindvideo.stores.snapshot import SnapshotError  # noqa: PLC0415

    try:
        yield
    except (
        CatalogError,
        ScriptError,
        SettingsError,
        SnapshotError,
        StoreError,
        MockError,
    ) as problem:
        fail(str(problem))


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Say which extra to install where a library of it is missing."""
    try:
        yield
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("mock_mindvideo"):
            raise
        fail(f"{problem.name} is missing: pip install 'mock-mindvideo[{extra}]'")


@contextmanager
def clear_contract_problems() -> Iterator[None]:
    """The same for contracts, recorded files, and targets that do not answer."""
    from mock_mindvideo.contract.problems import (  # noqa: PLC0415
        ContractError,
        TargetError,
        Unreachable,
    )

    try:
        yield
    except (ContractError, TargetError, Unreachable) as problem:
        fail(str(problem))
    except KeyboardInterrupt:
        fail("interrupted before anything was checked")
