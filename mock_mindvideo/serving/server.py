"""The mock on a real socket, in a thread of this process."""

import asyncio
import sys
from contextlib import suppress
from threading import Event, Thread

import uvicorn

from mock_mindvideo.fences.fence import Gone
from mock_mindvideo.fences.uvicorn import check_stoppable, stop
from mock_mindvideo.serving.configuration import configuration
from mock_mindvideo.serving.sockets import ServerError, bind, url_of
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import create_app


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
            _check_threads()
            check_stoppable(self._server)
        except (Gone, ServerError) as problem:
            self._socket.close()
            raise ServerError(str(problem)) from None
        self._thread.start()
        self._begun.wait()
        if self._loop is None:
            raise ServerError(f"{self.url}: the server did not start; see its log")
        return self

    def stop(self) -> None:
        """End open streams and connections, then the thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self.app.open_streams.close)
        stop(self._server)
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> "MockServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun.set()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._begun.set()


def _check_threads() -> None:
    """Raise ServerError where somebody has put greenlets in the place of threads."""
    gevent, eventlet = (sys.modules.get(name) for name in ("gevent.monkey", "eventlet.patcher"))
    for name, led in (
        ("gevent", gevent is not None and gevent.is_module_patched("threading")),
        ("eventlet", eventlet is not None and eventlet.is_monkey_patched("thread")),
    ):
        if led:
            raise ServerError(
                f"{name} has put greenlets in the place of threads, in which no server can run;"
                " start `mock-mindvideo serve` as a process of its own"
            )
