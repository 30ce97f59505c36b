"""The application under uvicorn: in this process, in a thread, or in several processes."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from threading import Event, Thread, Timer
from types import FrameType, TracebackType
from typing import Any

import uvicorn

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.fences.fence import Gone
from mock_mindvideo.fences.uvicorn import (
    can_supervise,
    check_stoppable,
    connection,
    stop,
    supervise,
)
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import App, create_app, create_worker
from mock_mindvideo.wire import Protocol
from mock_mindvideo.wire.watch import raise_limit, watch_of

logger = logging.getLogger("mock_mindvideo")

#: Connections that the kernel may hold until they are accepted.
BACKLOG = 2048

#: Seconds a stopping server waits for requests that are under way.
GRACE = 5

#: Seconds that are left after that for everything else: the store, threads, the event loop.
LAST = 3

#: Seconds a worker may leave its supervisor without an answer; a busy machine takes long.
PATIENCE = 30


class ServerError(Exception):
    """The server cannot start: which address, and why."""


class _Ending:
    """How this process ends when a signal tells it to: in order and in time.

    A second signal does not wait for requests, but loses nothing: the store is closed in order.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._told = False

    def listen(self) -> None:
        """Hear signals before the server does, which listens already; in its event loop.

        The end of the terminal is one too, unless this process was told not to mind that.
        """
        self._loop = asyncio.get_running_loop()
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, partial(self._hear, signal.getsignal(sig)))
        hangup = getattr(signal, "SIGHUP", None)
        if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
            signal.signal(hangup, lambda *_: signal.raise_signal(signal.SIGTERM))

    def _hear(self, server: Any, sig: int, frame: FrameType | None) -> None:
        if self._told:
            watch_of(self._loop).abort()
            return
        self._told = True
        end_within(GRACE + LAST)
        self._loop.call_soon_threadsafe(self._app.streams.close)
        server(sig, frame)


def end_within(seconds: float) -> None:
    """End this process by force, should it not have ended by itself by then."""
    timer = Timer(seconds, _end_by_force, (seconds,))
    timer.daemon = True
    timer.start()


def _end_by_force(seconds: float) -> None:
    logger.error("the server did not stop within %g s of being told; it ends by force", seconds)
    os._exit(1)


class MockServer:
    """The mock on a real socket, in a thread of this process; a context manager.

    `settings.port` 0 picks a free port. `url` is the base for `/api/v1/tasks`. Raises
    ServerError if the address cannot be had, and what `create_app` raises.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings(port=0, log_level="warning")
        self.app = create_app(self.settings)
        self._socket = bind(self.settings.host, self.settings.port)
        self.url = url_of(self._socket)
        self._server = uvicorn.Server(configuration(self.settings, self.app))
        self._begun = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.app.ready = self._begin
        self._thread = Thread(target=self._run, name="mock-mindvideo", daemon=True)

    def start(self) -> "MockServer":
        """Start serving; returns once connections are answered."""
        try:
            check_stoppable(self._server)
        except Gone as gone:
            self._socket.close()
            raise ServerError(str(gone)) from None
        self._thread.start()
        self._begun.wait()
        if self._loop is None:
            raise ServerError(f"{self.url}: the server did not start; see its log")
        return self

    def stop(self) -> None:
        """End open streams and connections, then the thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self.app.streams.close)
        stop(self._server)
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> "MockServer":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun.set()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._begun.set()


def serve(settings: Settings, announce: Callable[[str, Catalog], None]) -> None:
    """Serve until interrupted; `announce` is given the URL and the models once connections are
    accepted.

    Raises ServerError, what `create_app` raises, and the OSError of an `announce` that could not
    write.
    """
    tune_garbage_collection()
    raise_limit()
    listening = bind(settings.host, settings.port)
    url = url_of(listening)
    if settings.workers > 1 and can_supervise():
        _serve_with_workers(settings, listening, lambda catalog: announce(url, catalog))
        return
    app = create_app(settings, watch=True, demo=True)
    server = uvicorn.Server(configuration(settings, app))
    ending = _Ending(app)
    unsaid: list[OSError] = []

    def ready() -> None:
        ending.listen()
        try:
            announce(url, app.service.catalog)
        except OSError as problem:  # raised here, it would leave the application half started
            unsaid.append(problem)
            stop(server)

    app.ready = ready
    gc.freeze()
    server.run(sockets=[listening])
    if unsaid:
        raise unsaid[0]


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens; raises ServerError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise ServerError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; try --port 0"
        ) from None
    listening.set_inheritable(True)
    return listening


def url_of(listening: socket.socket) -> str:
    """Where a client on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def configuration(settings: Settings, app: Callable[..., object], **more: object) -> uvicorn.Config:
    """uvicorn's configuration: its own logs only for warnings, the mock writes a log itself."""
    return uvicorn.Config(
        app,
        http=connection(Protocol),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the guard reads them itself, and trusts none
        timeout_graceful_shutdown=GRACE,
        timeout_worker_healthcheck=PATIENCE,
        backlog=BACKLOG,
        **more,  # type: ignore[arg-type]
    )


def tune_garbage_collection() -> None:
    """Fewer, smaller collections. For a process of its own: the settings are process-wide.

    Requests leave next to no cycles behind, so the young generation may be large; and what was
    imported is frozen by the caller, so that no full collection walks over it.
    """
    gc.collect()
    gc.set_threshold(20_000, 20, 50)


def worker(settings: Settings) -> App:
    """What each of several processes serves."""
    from mock_mindvideo.logs import configure_logs  # noqa: PLC0415 - the parent has its own

    configure_logs(settings.log_level)
    for name in ("SIGINT", "SIGHUP"):  # a terminal tells every process; the supervisor decides
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    Thread(target=_end_with_parent, name="mock-mindvideo-parent", daemon=True).start()
    tune_garbage_collection()
    app = create_worker(settings)
    gc.freeze()
    return app


def _serve_with_workers(
    settings: Settings, listening: socket.socket, ready: Callable[[Catalog], None]
) -> None:
    app = create_app(settings, demo=True)  # adopts the stored worlds once, before any worker runs
    app.store.close()
    config = configuration(
        settings, partial(worker, settings), factory=True, workers=settings.workers
    )
    supervise(config, listening, lambda: ready(app.service.catalog), GRACE + LAST)


def _end_with_parent() -> None:
    """End this worker in order when its supervisor is gone, so that it does not keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
