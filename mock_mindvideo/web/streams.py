"""The open streams of one application: what wakes them, and their number bounded."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store

#: Seconds between two looks whether another process has written.
POLL = 0.02


class Wake:
    """One stream's reason to look again. `over` once it must end, whatever the task does."""

    def __init__(self) -> None:
        self.over = False
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Let the stream look again; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    def end(self) -> None:
        """Let the stream end; from any thread."""
        self.over = True
        self.wake()

    async def wait(self, seconds: float | None) -> bool:
        """Wait until woken, or for `seconds` of real time; whether it was woken."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Streams:
    """Wakes the streams of a world when it was moved, by this process or another."""

    def __init__(self, store: Store, most: int) -> None:
        self._store = store
        self._most = most
        self._open: defaultdict[str, set[Wake]] = defaultdict(set)
        self._pollers: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}
        store.subscribe(self._notice)

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    @contextmanager
    def open(self, world: str) -> Iterator[Wake]:
        """A wake for one stream on `world`; raises Unavailable when too many are open."""
        if len(self) >= self._most:
            raise Unavailable(f"{self._most} streams are open already; close some")
        wake = Wake()
        self._open[world].add(wake)
        self._watch_others()
        try:
            yield wake
        finally:
            self._open[world].discard(wake)
            if not self._open[world]:
                del self._open[world]

    def close(self) -> None:
        """End every stream, so that a server can stop."""
        for wake in self._wakes(None):
            wake.end()

    def _notice(self, world: str | None) -> None:
        for wake in self._wakes(world):
            wake.wake()

    def _wakes(self, world: str | None) -> list[Wake]:
        if world is not None:
            return list(self._open.get(world, ()))
        return [wake for wakes in list(self._open.values()) for wake in wakes]

    def _watch_others(self) -> None:
        """Start looking for what other processes write, on this loop, while streams are open."""
        loop = asyncio.get_running_loop()
        if self._store.shared and loop not in self._pollers:
            self._pollers[loop] = loop.create_task(self._poll(loop))

    async def _poll(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while self._open:
                self._store.poll()
                await asyncio.sleep(POLL)
        finally:
            self._pollers.pop(loop, None)
