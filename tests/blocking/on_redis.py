"""A plugin for pytest: every application of a suite keeps its worlds in a real Redis.

As in `python -m pytest -p tests.blocking.on_redis tests/web`. Each has a database of its own.
"""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.stores.redis.store import RedisStore
from mock_mindvideo.web import app
from tests.redis_server import RedisServer

#: Databases of one server.
MOST = 10_000

_numbers = count()
_servers: list[RedisServer] = []


def _open_store(settings: Any, lifecycle: Any, clock: Any = None) -> RedisStore:
    number = next(_numbers) % MOST
    with _servers[0].client(number) as client:
        client.flushdb()
    address = _servers[0].address._replace(db=number)
    return RedisStore(address, lifecycle, settings.bounds, clock)


@pytest.fixture(scope="session", autouse=True)
def _redis() -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer(Path(folder), "--databases", str(MOST)) as server,
    ):
        _servers.append(server)
        yield


def pytest_configure() -> None:
    app.open_store = _open_store  # type: ignore[assignment]
