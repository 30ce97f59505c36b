"""Connections without a network: their loop is turned by hand, and time passes when told."""

from collections.abc import Callable
from typing import Any

from uvicorn.server import ServerState

from mock_mindvideo import Settings, create_app
from mock_mindvideo.fences.uvicorn import ServerSide
from mock_mindvideo.serving.configuration import configuration
from mock_mindvideo.serving.wire import Protocol


class Loop:
    """A loop that does what is due when told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.soon: list[Callable[[], None]] = []

    def time(self) -> float:
        return self.now

    def call_soon(self, call: Callable[[], None]) -> None:
        self.soon.append(call)

    def call_later(self, delay: float, call: Callable[[], None]) -> None:
        """Looks are taken by hand."""

    def create_task(self, coroutine: Any) -> "Loop":
        """Nothing is ever answered that is not answered at once."""
        coroutine.close()
        return self

    def add_done_callback(self, call: Callable[..., None]) -> None:
        """There is no end to be told of."""

    def turn(self) -> None:
        due, self.soon = self.soon, []
        for call in due:
            call()


class Transport:
    """The other end of a connection, which takes what is written or leaves it waiting."""

    def __init__(self) -> None:
        self.written = b""
        self.unsent = 0
        self.closed = self.aborted = self.finished = False

    def write(self, data: bytes) -> None:
        self.written += data

    def write_eof(self) -> None:
        self.finished = True

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)


class Served:
    """A server's connections, and what each has been written."""

    def __init__(self, count: int, **settings: Any) -> None:
        given = Settings(log_level="warning", **settings)
        self.app = create_app(given)
        config = configuration(given, self.app)
        config.load()
        self.loop, side = Loop(), ServerSide(config, ServerState())
        self.transports = [Transport() for _ in range(count)]
        self.protocols = [Protocol(side, self.loop) for _ in range(count)]  # type: ignore[arg-type]
        for protocol, transport in zip(self.protocols, self.transports, strict=True):
            protocol.connection_made(transport)  # type: ignore[arg-type]

    @property
    def written(self) -> list[bytes]:
        return [each.written for each in self.transports]


class Alone(Served):
    """A connection, its transport, and its time."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(1, **settings)
        (self.protocol,), (self.transport,) = self.protocols, self.transports

    def say(self, data: bytes) -> None:
        self.protocol.data_received(data)
        self.loop.turn()

    def wait(self, seconds: int) -> None:
        """Let time pass, with a look each second, as the watch takes it."""
        for _ in range(seconds):
            self.loop.now += 1
            self.protocol._watch.now = self.loop.now
            self.protocol.look(self.loop.now)
            self.loop.turn()
