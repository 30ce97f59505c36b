"""Servers that end with their test, whatever happens in it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from .scale import SOAK
from .serving import Server

Serve = Callable[..., Server]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """At full length each loop takes as long as it takes."""
    for each in items if SOAK else ():
        each.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server; what still runs at the end of the test is killed."""
    started: list[Server] = []

    def start(*options: str, environ: Mapping[str, str] = {}) -> Server:
        started.append(Server(tmp_path, *options, environ=environ))
        return started[-1]

    yield start
    for server in started:
        server.kill()
    log = (tmp_path / "server.log").read_text() if started else ""
    print(log)  # shown where the test fails
    assert "Traceback" not in log


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "mock.db")
