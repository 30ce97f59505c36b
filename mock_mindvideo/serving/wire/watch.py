"""One look at every connection of an event loop each second, instead of timers for each.

Slow clients, silent ones and those that never read are found here; and how many connections the
process may hold, so that it always has descriptors left for its own files.
"""

import asyncio
import logging
import select
import socket
import sys
from typing import Protocol

from mock_mindvideo.system.per_loop import PerLoop
from mock_mindvideo.web.open_streams import OpenStreams

if sys.platform != "win32":  # which knows no such limit
    import resource

#: Seconds between two looks; limits are kept to within as much.
TICK = 1.0

#: Descriptors that are left for files, databases, pipes and the loop itself.
RESERVE = 64

logger = logging.getLogger("mock_mindvideo")


class Watched(Protocol):
    """A connection, which knows itself what it has come to."""

    @property
    def busy(self) -> bool: ...
    def look(self, now: float) -> None: ...
    def drain(self) -> None: ...
    def abort(self) -> None: ...


class Watch:
    """The connections of one event loop.

    `now` is the time of the last look, `draining` whether requests that come now come too late.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int | None = None) -> None:
        self._loop = loop
        self._watched: set[Watched] = set()
        self._ticking = False
        self._full = False
        self._streams_closed = False
        self.draining = False
        self._most = most or most_connections()
        self.now = loop.time()

    def add(self, connection: Watched) -> bool:
        """Watch a connection until it is lost; whether there is room for it."""
        self._watched.add(connection)
        if not self._ticking:
            self._ticking = True
            self.now = self._loop.time()
            self._loop.call_later(TICK, self._tick)
        return self._has_room()

    def discard(self, connection: Watched) -> None:
        """A connection was lost."""
        self._watched.discard(connection)

    @property
    def busy(self) -> bool:
        """Whether any request is under way."""
        return any(each.busy for each in self._watched)

    def drain(self) -> None:
        """Let what is under way come to its end, and nothing begin."""
        self.draining = True
        for each in list(self._watched):
            each.drain()

    def abort(self) -> None:
        """Break off every connection."""
        for each in list(self._watched):
            each.abort()

    def close_streams(self, streams: OpenStreams) -> None:
        """End the application's open streams, once, though every connection asks for it."""
        if not self._streams_closed:
            self._streams_closed = True
            streams.close()

    def _has_room(self) -> bool:
        count = len(self._watched)
        if count <= self._most:
            self._full = self._full and count > self._most * 0.9
            return True
        if not self._full:
            self._full = True
            logger.warning(
                "%d connections are open, which is all that `ulimit -n` allows;"
                " more are refused until some are closed",
                self._most,
            )
        return False

    def _tick(self) -> None:
        self.now = self._loop.time()
        for each in list(self._watched):
            each.look(self.now)
        self._ticking = bool(self._watched)
        if self._ticking:
            self._loop.call_later(TICK, self._tick)


def most_connections() -> int:
    """How many connections this process can hold beside its own files."""
    if sys.platform == "win32":
        return 2**31
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2**31 if soft == resource.RLIM_INFINITY else max(soft - RESERVE, soft // 2)


def raise_limit() -> None:
    """Let this process open as many files as the system allows it."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError) as problem:  # macOS takes no more than OPEN_MAX
            logger.debug("ulimit -n stays at %d: %s", soft, problem)


def hung_up(connection: socket.socket) -> bool:
    """Whether the peer has closed, though there may be data that was not read yet."""
    if not hasattr(select, "POLLRDHUP"):
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


#: The one that all connections on a loop share.
watch_of = PerLoop(Watch)
