"""Servers that end with their test, whatever happens in it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from .serving import Server

Serve = Callable[..., Server]


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
    print((tmp_path / "server.log").read_text())  # shown where the test fails


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "mock.db")
