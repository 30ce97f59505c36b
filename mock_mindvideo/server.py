"""The application under uvicorn: in this process, in a thread, or in several processes."""

import gc
import logging
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from threading import Event, Thread, Timer
from types import FrameType, TracebackType

import uvicorn
from uvicorn.supervisors import Multiprocess

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import App, create_app, create_worker
from mock_mindvideo.wire import Protocol
from mock_mindvideo.wire.watch import raise_limit

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


class _Server(uvicorn.Server):
    """Says when it accepts connections; where that cannot be said, it stops again in order."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready: Callable[[], None] = lambda: None
        self.unsaid: OSError | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            try:
                self.ready()
            except OSError as problem:  # raised here, it would leave the application half started
                self.unsaid = problem
                self.should_exit = True


class _Process(_Server):
    """The server of a process of its own, which ends when it is told, whatever is under way.

    A second signal does not wait for requests, but loses nothing: the store is closed in order.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            for connection in list(self.server_state.connections):
                connection.abort()  # type: ignore[union-attr]
            return
        end_within(GRACE + LAST)
        super().handle_exit(sig, frame)


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
        self._server = _Server(configuration(self.settings, self.app))
        self._accepting = Event()
        self._server.ready = self._accepting.set
        self._thread = Thread(target=self._run, name="mock-mindvideo", daemon=True)

    def start(self) -> "MockServer":
        """Start serving; returns once connections are answered."""
        self._thread.start()
        self._accepting.wait()
        if not self._server.started:
            raise ServerError(f"{self.url}: the server did not start; see its log")
        return self

    def stop(self) -> None:
        """End open streams and connections, then the thread."""
        self._server.should_exit = True
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

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._accepting.set()


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
    if settings.workers > 1:
        _serve_with_workers(settings, listening, lambda catalog: announce(url, catalog))
        return
    app = create_app(settings, watch=True, demo=True)
    server = _Process(configuration(settings, app))
    hear_hangup(lambda: server.handle_exit(signal.SIGTERM, None))
    server.ready = lambda: announce(url, app.service.catalog)
    gc.freeze()
    server.run(sockets=[listening])
    if server.unsaid is not None:
        raise server.unsaid


def hear_hangup(end: Callable[[], None]) -> None:
    """End in order when the terminal is closed, unless this process was told not to mind that."""
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        signal.signal(hangup, lambda *_: end())


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
        http=Protocol,
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
    supervisor = _Supervisor(config, sockets=[listening])
    ready(app.service.catalog)
    supervisor.run()


class _Supervisor(Multiprocess):
    """Ends with its workers, in order when told by any signal, by force where one does not end."""

    def handle_hup(self) -> None:
        self.handle_term()

    def terminate_all(self) -> None:
        end = Timer(GRACE + LAST, self._kill_all)
        end.daemon = True
        end.start()
        super().terminate_all()

    def _kill_all(self) -> None:
        logger.error("workers did not stop within %d s; they are ended by force", GRACE + LAST)
        for each in self.processes:
            each.process.kill()


def _end_with_parent() -> None:
    """End this worker in order when its supervisor is gone, so that it does not keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
