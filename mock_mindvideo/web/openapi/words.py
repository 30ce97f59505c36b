"""The words that the code itself has for an error."""

import inspect

from mock_mindvideo.domain.errors import MockError


def words(kind: type[MockError]) -> str:
    """When the error is answered: its class's docstring, which `python -OO` takes away."""
    return " ".join((inspect.getdoc(kind) or kind.code).split())
