"""An empty store of each kind."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count

import pytest

from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import MemoryStore, Store
from mock_mindvideo.stores.redis.store import RedisStore
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.system.clock import FakeClock
from tests.blocking.slow_store import SlowStore

from .making import LIFECYCLE

Opening = Callable[..., AbstractContextManager[Store]]


@pytest.fixture(scope="session", params=("memory", "sqlite", "slow", "redis"))
def opening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens an empty store, bounded if wanted; a context manager that closes it."""
    folder, numbers = tmp_path_factory.mktemp("stores"), count()

    @contextmanager
    def opened(bounds: Bounds | None = None) -> Iterator[Store]:
        store: Store
        if request.param == "redis":
            server = request.getfixturevalue("redis_server")
            server.empty()
            store = RedisStore(server.address, LIFECYCLE, bounds, FakeClock())
        elif request.param == "sqlite":
            store = SqliteStore(folder / f"{next(numbers)}.db", LIFECYCLE, bounds)
        else:
            kind = MemoryStore if request.param == "memory" else SlowStore
            store = kind(LIFECYCLE, FakeClock(), bounds)
            if isinstance(store, SlowStore):
                store.round_trip = 0
        try:
            yield store
        finally:
            store.close()

    return opened


@pytest.fixture
def store(opening: Opening) -> Iterator[Store]:
    with opening() as opened:
        yield opened
