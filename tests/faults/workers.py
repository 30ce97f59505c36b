"""Waiting for a server's workers, and connections to each of them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from .client import Client
from .serving import PATIENCE, Server

#: Seconds between two attempts, so that the workers get the processor to start.
INTERVAL = 0.02


@contextmanager
def client_of_each(server: Server, workers: int = 2) -> Iterator[list[Client]]:
    """A client pinned to each of the workers, once all of them accept connections."""

    def complete() -> bool:
        client = connections.enter_context(Client(server.port))
        client.get("/_mock/health")
        found.setdefault(server.owner(client.socket), client)
        return len(found) == workers

    found: dict[int, Client] = {}
    with ExitStack() as connections:
        assert until(complete), f"only {len(found)} workers after {PATIENCE} s"
        yield list(found.values())


def accepted(server: Server, client: Client) -> int:
    """The process that a new connection has come to, once one has accepted it."""
    found: list[int] = []

    def known() -> bool:
        with suppress(LookupError):
            found.append(server.owner(client.socket))
        return bool(found)

    assert until(known), f"nobody accepts a connection in {PATIENCE} s"
    return found[0]


def until(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true before PATIENCE ends."""
    deadline = time.monotonic() + PATIENCE
    while not (true := condition()) and time.monotonic() < deadline:
        time.sleep(INTERVAL)
    return true
