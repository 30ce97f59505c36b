"""How a process that serves ends when it is told to."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from functools import partial
from threading import Timer
from types import FrameType
from typing import Any

from mock_mindvideo.fences.uvicorn import ABORT, HASTEN
from mock_mindvideo.serving.wire.watch import watch_of
from mock_mindvideo.web.app import App

logger = logging.getLogger("mock_mindvideo")

#: Seconds that are left after the drain for everything else: the store, threads, the event loop.
LAST = 3

#: Seconds between two looks whether everything has come to its end.
LOOK = 0.02

#: Seconds that streams have after the drain to be closed in order, before connections are cut.
CLOSING = 0.5


class Ending:
    """How this process ends when a signal tells it to: in order and in time.

    It drains first: what has begun goes on, newcomers are refused. SIGTERM lets event streams come
    to their last event, SIGINT closes them at once. A second signal waits for nobody, but loses
    nothing: the store is closed in order. A `worker` is told by its supervisor what was meant,
    since it may hear the same signal twice, from there and from whoever sent it to all processes.
    """

    def __init__(self, app: App, *, worker: bool = False) -> None:
        self._app = app
        self._most = app.settings.drain_timeout
        self._worker = worker
        self._told = False
        self._patient = True

    def listen(self) -> None:
        """Hear signals before the server does, which listens already; in its event loop.

        The end of the terminal is one too, unless this process was told not to mind that.
        """
        self._loop = asyncio.get_running_loop()
        for sig in (signal.SIGINT, signal.SIGTERM):
            server = signal.getsignal(sig)
            if server is not signal.SIG_IGN:
                signal.signal(sig, partial(self._hear, server))
        hangup = getattr(signal, "SIGHUP", None)
        if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
            signal.signal(hangup, lambda *_: signal.raise_signal(signal.SIGTERM))
        if self._worker and HASTEN is not None and ABORT is not None:
            signal.signal(HASTEN, lambda *_: self._hasten())
            signal.signal(ABORT, lambda *_: self._abort())

    def _hear(self, server: Any, sig: int, frame: FrameType | None) -> None:
        if self._told:
            if not self._worker:
                self._abort()
            return
        self._told = True
        if sig != signal.SIGTERM:
            self._patient = False
        end_within(self._most + LAST)
        asyncio.run_coroutine_threadsafe(self._drain(partial(server, sig, frame)), self._loop)

    async def _drain(self, stop: Callable[[], None]) -> None:
        """Wait for what has begun, at most until the deadline; then the server stops."""
        streams, watch = self._app.open_streams, watch_of(self._loop)
        until = self._loop.time() + self._most
        self._app.drain()
        watch.drain()
        if not self._patient:
            streams.close()
        while (watch.busy or len(streams)) and self._loop.time() < until:
            await asyncio.sleep(LOOK)
        streams.close()
        self._loop.call_later(CLOSING, watch.abort)
        stop()

    def _hasten(self) -> None:
        self._patient = False
        self._loop.call_soon_threadsafe(self._app.open_streams.close)

    def _abort(self) -> None:
        self._loop.call_soon_threadsafe(watch_of(self._loop).abort)


def end_within(seconds: float) -> None:
    """End this process by force, should it not have ended by itself by then."""
    timer = Timer(seconds, _end_by_force, (seconds,))
    timer.daemon = True
    timer.start()


def _end_by_force(seconds: float) -> None:
    logger.error("the server did not stop within %g s of being told; it ends by force", seconds)
    os._exit(1)
