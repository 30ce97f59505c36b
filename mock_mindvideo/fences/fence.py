"""Names that a library has, but does not promise: looked for, and told of where they are gone."""

import logging
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

logger = logging.getLogger("mock_mindvideo")


class Gone(Exception):
    """Names that a library does not have any more."""


def look_for(owner: object, *names: str, of: str) -> None:
    """Raise Gone unless `owner`, which is `of` in the library, has all the names."""
    gone = [f"{of}.{name}" for name in names if not hasattr(owner, name)]
    if gone:
        raise Gone(", ".join(gone))


def member(module: str, name: str) -> Any:
    """What `module` has under that name; raises Gone."""
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError):
        raise Gone(f"{module}.{name}") from None


def expect(found: Iterable[str], names: Iterable[str], of: str) -> None:
    """Raise Gone unless `found`, the names that `of` has, are just these."""
    differing = sorted(set(found) ^ set(names))
    if differing:
        raise Gone(f"{of}({', '.join(differing)})")


@cache
def warn(library: str, read_in: str, gone: str, instead: str) -> None:
    """Tell once what is gone, and what is done instead."""
    logger.warning(
        "%s %s is not as %s was: %s; %s", library, version(library), read_in, gone, instead
    )
