"""Imports pause the garbage collector, and leave it as they found it."""

import gc
from collections.abc import Iterator

import pytest

from mock_mindvideo.system.loading import loading


@pytest.fixture(params=[True, False], ids=["enabled", "disabled"])
def enabled(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether the collector is at work before."""
    (gc.enable if request.param else gc.disable)()
    yield bool(request.param)
    gc.enable()


def test_the_collector_pauses_inside_and_is_afterwards_as_before(enabled: bool) -> None:
    with loading():
        assert not gc.isenabled()
        with loading():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_an_import_that_fails_leaves_the_collector_as_before(enabled: bool) -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled() is enabled
