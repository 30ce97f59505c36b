"""uvicorn's insides, as read in its versions 0.51 to 0.54.

What uvicorn documents is `Config` with its settings, and `Server` with `run`. Beside that the mock
uses what is named here: to put its own connection in the place of uvicorn's, to stop a server from
another thread, and to end workers in time. Where a name is gone, uvicorn serves with its own
connection, one process serves instead of several, and a server in a thread is refused.
"""

import asyncio
import inspect
import logging
import signal
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import version
from typing import Any, Protocol

import uvicorn

from mock_mindvideo.fences.fence import Gone, expect, look_for, member, warn

READ_IN = "0.51 to 0.54"

#: Names of `uvicorn.server.ServerState`, and of `uvicorn.Config` once it is loaded.
STATE = ("connections", "tasks", "default_headers")
CONFIG = ("loaded_app", "http_protocol_class")

#: What a protocol of uvicorn's is made of, and how it is told that the server stops.
PROTOCOL = ("config", "server_state", "app_state", "_loop")
STOPPED = ("shutdown",)

#: Names of `uvicorn.supervisors.Multiprocess`.
SUPERVISOR = (
    "run", "handle_hup", "handle_term", "terminate_all", "init_processes", "keep_subprocess_alive",
)  # fmt: skip

#: What workers are told beside SIGTERM: to wait for no stream, and for nobody. None where the
#: system has no such signals.
HASTEN: signal.Signals | None = getattr(signal, "SIGUSR1", None)
ABORT: signal.Signals | None = getattr(signal, "SIGUSR2", None)

logger = logging.getLogger("mock_mindvideo")

Headers = list[tuple[bytes, bytes]]


class Dated(Protocol):
    """What a server has for every answer: a new list each second, for the date."""

    default_headers: Headers


class ServerSide:
    """What a connection has of its server. uvicorn waits for `connections` and `tasks` to end."""

    __slots__ = ("app", "connections", "state", "tasks")

    def __init__(self, config: Any, state: Any) -> None:
        self.app: Any = config.loaded_app
        self.connections: set[Any] = state.connections
        self.tasks: set[asyncio.Task[None]] = state.tasks
        self.state: Dated = state


#: Makes a connection on a loop, None being the one that runs.
Make = Callable[[ServerSide, asyncio.AbstractEventLoop | None], asyncio.Protocol]


def connection(make: Make) -> Any:
    """For `Config(http=...)`: the mock's connection, uvicorn's own where that cannot be."""
    try:
        _look_for_hosts()
    except Gone as gone:
        instead = (
            "requests are served by uvicorn's own connection: slower, without the mock's limits of"
            " time, and scripts cannot break a connection before the answer"
        )
        warn("uvicorn", READ_IN, str(gone), instead)
        return "auto"
    return partial(_connect, make)


def _connect(
    make: Make,
    config: Any,
    server_state: Any,
    app_state: dict[str, Any],
    _loop: asyncio.AbstractEventLoop | None = None,
) -> asyncio.Protocol:
    return make(ServerSide(config, server_state), _loop)


def _look_for_hosts() -> None:
    """Raise Gone unless a server gives its connections what `ServerSide` and `_connect` take."""
    config = uvicorn.Config(_nothing, http="auto", ws="none", log_config=None)
    look_for(config, "load", of="Config")
    config.load()
    look_for(config, *CONFIG, of="Config")
    server = uvicorn.Server(config)
    look_for(server, "server_state", of="Server")
    look_for(server.server_state, *STATE, of="ServerState")
    own = config.http_protocol_class
    look_for(own, *STOPPED, of=own.__name__)
    expect(inspect.signature(own).parameters, PROTOCOL, of=own.__name__)


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """An application that is never called."""


def check_stoppable(server: uvicorn.Server) -> None:
    """Raise Gone unless `stop` works: there is no public way beside signals."""
    try:
        look_for(server, "should_exit", of="Server")
    except Gone as gone:
        raise Gone(
            f"uvicorn {version('uvicorn')} has no {gone}, so that only a signal stops it: run"
            f" `mock-mindvideo serve`, or install a uvicorn of {READ_IN}"
        ) from None


def stop(server: uvicorn.Server) -> None:
    """Let a server end in order; from any thread, if it is stoppable."""
    if hasattr(server, "should_exit"):
        server.should_exit = True
    else:
        signal.raise_signal(signal.SIGTERM)


@cache
def can_supervise() -> bool:
    """Whether several processes can be had."""
    try:
        kind = member("uvicorn.supervisors", "Multiprocess")
        look_for(kind, *SUPERVISOR, of="Multiprocess")
        expect(inspect.signature(kind).parameters, ("config", "sockets"), of="Multiprocess")
    except Gone as gone:
        warn("uvicorn", READ_IN, str(gone), "one process serves instead of several workers")
        return False
    return True
