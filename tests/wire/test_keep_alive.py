"""A silent connection is closed; one that speaks is kept, though its requests set no timers."""

from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from mock_mindvideo import Settings, create_app
from mock_mindvideo.server import configuration
from mock_mindvideo.wire import Protocol

from .talking import request


class Loop:
    """A loop whose timers ring when told."""

    def __init__(self) -> None:
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.soon: list[Callable[[], None]] = []

    def call_later(self, delay: float, call: Callable[[], None]) -> "Loop":
        self.timers.append((delay, call))
        return self

    def call_soon(self, call: Callable[[], None]) -> None:
        self.soon.append(call)

    def cancel(self) -> None:
        self.timers.pop()

    def ring(self) -> None:
        """Let the one timer ring, and what is due be done."""
        ((_, call),) = self.timers
        self.timers.clear()
        call()


class Transport:
    """The other end of a connection."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)


@pytest.fixture
def connection() -> tuple[Protocol, Transport, Loop]:
    settings = Settings(log_level="warning")
    config: uvicorn.Config = configuration(settings, create_app(settings))
    config.load()
    loop, transport = Loop(), Transport()
    protocol = Protocol(config=config, server_state=ServerState(), app_state={}, _loop=loop)
    protocol.connection_made(transport)  # type: ignore[arg-type]
    return protocol, transport, loop


def test_a_connection_that_is_silent_after_its_answers_is_closed(
    connection: tuple[Protocol, Transport, Loop],
) -> None:
    protocol, transport, loop = connection
    protocol.data_received(request("GET", "/api/v1/tasks/x"))
    protocol.data_received(request("GET", "/api/v1/tasks/y"))
    assert [delay for delay, _ in loop.timers] == [protocol.timeout_keep_alive]
    loop.ring()
    assert not transport.closed  # it has heard something since the timer was set
    loop.ring()
    assert transport.closed


def test_a_connection_that_goes_on_speaking_is_kept(
    connection: tuple[Protocol, Transport, Loop],
) -> None:
    protocol, transport, loop = connection
    for number in range(5):
        protocol.data_received(request("GET", f"/api/v1/tasks/{number}"))
        protocol.data_received(request("GET", f"/api/v1/tasks/again-{number}"))
        loop.ring()
        assert not transport.closed
        assert len(loop.timers) == 1
