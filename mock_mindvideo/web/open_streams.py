"""The open streams of one application: what wakes them, and their number bounded."""

from collections import defaultdict
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store
from mock_mindvideo.system.later import Later
from mock_mindvideo.web.steps import Pause
from mock_mindvideo.web.threads import called
from mock_mindvideo.web.waiting import Bell, wait_in_loop

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

#: Seconds between two looks whether another process has written.
POLL = 0.02


class Wake:
    """One stream's reason to look again. `over` once it must end, whatever the task does.

    `task_id` is the task that it follows, None where it follows a world.
    """

    __slots__ = ("_bell", "over", "task_id")

    def __init__(self, task_id: str | None = None) -> None:
        self.over = False
        self.task_id = task_id
        self._bell = Bell()

    def wake(self) -> None:
        """Let the stream look again; from any thread."""
        self._bell.ring()

    def end(self) -> None:
        """Let the stream end; from any thread."""
        self.over = True
        self.wake()

    def pause(self, seconds: float | None, due: float | None = None) -> Pause:
        """The step of waiting until woken, or for `seconds`; None is for ever.

        `due` is in how many something will happen to the task by itself, None for never.
        """
        return Pause(self._bell, seconds, due)

    def look(self) -> None:
        """The stream looks now; who wakes it from here on lets it look again."""
        self._bell.reset()


class OpenStreams:
    """Wakes the streams of a world when it was moved, by this process or another."""

    def __init__(self, store: Store, most: int) -> None:
        self._store = store
        self._most = most
        self._open: defaultdict[str, set[Wake]] = defaultdict(set)
        self._count = 0
        self._lock = Lock()
        self._opened = Bell()
        self._endless = True
        store.subscribe(self._notice)

    def __len__(self) -> int:
        return self._count

    def open(self, world: str, task_id: str | None = None) -> Wake:
        """A wake for a stream on `world`, until `end`; raises Unavailable if too many are open.

        It is over already where the stream has no end, and such are closed.
        """
        if self._count >= self._most:
            raise Unavailable(f"{self._most} streams are open already; close some")
        wake = Wake(task_id)
        wake.over = task_id is None and not self._endless
        with self._lock:
            self._open[world].add(wake)
            self._count += 1
        self._store.streaming(self._count)
        self._opened.ring()
        return wake

    def any_of(self, world: str) -> bool:
        """Whether a stream on `world` is open."""
        return world in self._open

    def end(self, world: str, wake: Wake) -> None:
        """The stream has ended."""
        with self._lock:
            self._open[world].discard(wake)
            if not self._open[world]:
                del self._open[world]
            self._count -= 1
        self._store.streaming(self._count)

    def sent(self, world: str, task_id: str, request_id: str, sequence: int) -> None:
        """Remember that an event was sent; the oldest ones are forgotten."""
        self._store.deliver(Delivery(world, task_id, request_id, sequence))

    async def watch_others(self) -> None:
        """Look for what other processes write while streams are open; without end."""
        while True:
            await wait_in_loop(self._opened, None)
            self._opened.reset()
            while self._open:
                with suppress(Unavailable):  # told to whoever asks something of the store
                    await called(self._store.poll, blocking=self._store.blocking)
                await asyncio.sleep(POLL)

    def cut(self, world: str, task_id: str) -> int:
        """End the streams of a task; how many there were. Those of other processes go on."""
        found = [wake for wake in self._wakes(world) if wake.task_id == task_id and not wake.over]
        for wake in found:
            wake.end()
        return len(found)

    def close_endless(self) -> None:
        """End the streams that follow a world, which no event ends, and all that come after."""
        self._endless = False
        for wake in self._wakes(None):
            if wake.task_id is None:
                wake.end()

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
        return [wake for wakes in list(self._open.values()) for wake in list(wakes)]
