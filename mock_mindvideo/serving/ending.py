"""How a process that serves ends when it is told to."""

import asyncio
import logging
import os
import signal
from functools import partial
from threading import Timer
from types import FrameType
from typing import Any

from mock_mindvideo.serving.configuration import GRACE
from mock_mindvideo.serving.wire.watch import watch_of
from mock_mindvideo.web.app import App

logger = logging.getLogger("mock_mindvideo")

#: Seconds that are left after GRACE for everything else: the store, threads, the event loop.
LAST = 3


class Ending:
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
        self._loop.call_soon_threadsafe(self._app.open_streams.close)
        server(sig, frame)


def end_within(seconds: float) -> None:
    """End this process by force, should it not have ended by itself by then."""
    timer = Timer(seconds, _end_by_force, (seconds,))
    timer.daemon = True
    timer.start()


def _end_by_force(seconds: float) -> None:
    logger.error("the server did not stop within %g s of being told; it ends by force", seconds)
    os._exit(1)
