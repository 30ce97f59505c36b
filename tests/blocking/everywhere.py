"""A plugin for pytest: every application of a suite has a store that blocks.

As in `python -m pytest -p tests.blocking.everywhere tests/web`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from mock_mindvideo.web import app
from tests.blocking.slow_store import SlowStore

_opened: list[SlowStore] = []


def _open_store(settings: Any, lifecycle: Any, clock: Any = None) -> SlowStore:
    _opened.append(SlowStore(lifecycle, clock, settings.bounds))
    return _opened[-1]


def pytest_configure() -> None:
    app.open_store = _open_store  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def _never_on_a_loop() -> Iterator[None]:
    """What was refused with 500, or told in a log, fails the test all the same."""
    before = sum(len(each.misused) for each in _opened)
    yield
    misused = [name for each in _opened for name in each.misused]
    assert len(misused) == before, misused[before:]
