"""Stores on one Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.redis import engine
from mock_mindvideo.stores.redis.store import RedisStore
from tests.redis_server import RedisServer

from ..making import LIFECYCLE


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is back is asked at once."""
    monkeypatch.setattr(engine, "AWAY", 0.0)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that a test may ill-treat."""
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def empty(redis_server: RedisServer) -> RedisServer:
    redis_server.empty()
    return redis_server


@contextmanager
def opened(server: RedisServer, bounds: Bounds | None = None) -> Iterator[RedisStore]:
    store = RedisStore(server.address, LIFECYCLE, bounds)
    try:
        yield store
    finally:
        store.close()
