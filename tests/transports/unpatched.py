"""Client libraries as they are without the plugin, which has patched them for this session."""

from collections.abc import Iterator
from contextlib import contextmanager

from mock_mindvideo.transports import seams


@contextmanager
def unpatched() -> Iterator[None]:
    """While inside, the session's own patches are taken back."""
    seams._leave()
    try:
        assert seams._users == 0
        yield
    finally:
        seams._enter()
