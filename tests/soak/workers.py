"""Connections to each of a server's workers."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .client import Client
from .serving import PATIENCE, Server


@contextmanager
def client_of_each(server: Server, workers: int = 2) -> Iterator[list[Client]]:
    """A client pinned to each of the workers, once all of them accept connections."""
    deadline = time.monotonic() + PATIENCE
    found: dict[int, Client] = {}
    with ExitStack() as connections:
        while len(found) < workers:
            assert time.monotonic() < deadline, f"only {len(found)} workers after {PATIENCE} s"
            client = connections.enter_context(Client(server.port))
            client.get("/_mock/health")
            found.setdefault(server.owner(client.socket), client)
        yield list(found.values())
