"""Long bodies of all requests together: how much of them is in memory at once.

Where there is too much, no more is read but of the body that has been arriving for the longest,
until others have been worked on. Where none of them comes whole, since their clients are slow or
have stopped in the middle, the oldest are refused.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any
from weakref import WeakKeyDictionary

#: Seconds in which one of all bodies has to come whole while others wait for room.
PATIENCE = 0.25

#: Bodies that go on at once where there is room again: the oldest, and as many of the newest.
_NEXT = 4


class HeldBody:
    """One request's part of what is held. `refused` says that it had to make room."""

    __slots__ = ("_bodies", "_reading", "_size", "refused")

    def __init__(self, bodies: "Bodies") -> None:
        self._bodies = bodies
        self._size = 0
        self._reading: asyncio.Timeout | None = None
        self.refused = False

    async def grow(self, size: int) -> bool:
        """Hold `size` bytes in all while more arrives; waits for its turn, and tells if it came."""
        if not self.refused:
            self._bodies.arriving[self] = None
            self._change(size)
            while not self.refused and not self._bodies.may_arrive(self):
                await self._bodies.room(self)
        return not self.refused

    async def unless_refused(self, piece: Coroutine[Any, Any, None]) -> None:
        """Wait for a piece, no longer than until this has to make room: it may never come."""
        self._reading = asyncio.timeout(None)
        try:
            async with self._reading:
                await piece
        except TimeoutError:
            if not self.refused:
                raise
        finally:
            self._reading = None

    def work(self) -> None:
        """It has come whole, or need not wait any more: its turn comes soon."""
        if self._size:
            self._has_come()
            self._bodies.working.add(self)
            self._bodies.wake()  # another one is the first now

    def rest(self) -> None:
        """It has come whole, and waits for what may take long: a time, a gate, or its client."""
        if self._size:
            self._has_come()
            self._bodies.working.discard(self)
            self._bodies.wake()

    def _has_come(self) -> None:
        if self in self._bodies.arriving:
            del self._bodies.arriving[self]
            self._bodies.whole += 1

    def end(self) -> None:
        """Free all bytes of the body."""
        if self._size:
            self._bodies.arriving.pop(self, None)
            self._bodies.working.discard(self)
            self._bodies.forget(self)
            self._change(0)
            self._bodies.wake()

    def refuse(self) -> None:
        """Make room for others; who waits for more of it is told."""
        self.refused = True
        self.end()
        if self._reading is not None:
            self._reading.reschedule(asyncio.get_running_loop().time())

    def _change(self, size: int) -> None:
        self._bodies.size += size - self._size
        self._size = size


class Bodies:
    """What all requests of one event loop hold: `most` bytes, one body, and a piece of each."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.arriving: dict[HeldBody, None] = {}  # the oldest first
        self.working: set[HeldBody] = set()
        self._most = most
        self._waiting: dict[HeldBody, asyncio.Future[None]] = {}
        self.whole = 0  # how many have come whole so far
        self._look: asyncio.TimerHandle | None = None

    @property
    def full(self) -> bool:
        return self.size > self._most

    @property
    def first(self) -> HeldBody | None:
        """The one that has been arriving for the longest."""
        return next(iter(self.arriving), None)

    def may_arrive(self, held: HeldBody) -> bool:
        """Whether more of a body may be read now."""
        return not self.full or (not self.working and held is self.first)

    async def room(self, held: HeldBody) -> None:
        """Wait until there may be room."""
        self._waiting[held] = waiter = asyncio.get_running_loop().create_future()
        self._look_soon()
        await waiter

    def _look_soon(self) -> None:
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(PATIENCE, self._hurry, self.whole)

    def _hurry(self, whole: int) -> None:
        """Refuse the oldest, half of all, where none of them came whole for so long."""
        self._look = None
        if not self.working and self.whole == whole:
            for held in list(self.arriving):
                if self.size > self._most // 2:
                    held.refuse()
        self.wake()
        if self._waiting:
            self._look_soon()

    def wake(self) -> None:
        """Let some look again who wait for room: all of them at once would be many.

        Some of the newest, too, since the oldest may all be of a client that floods.
        """
        first = self.first
        if not self.full:
            waiting = list(self._waiting)
            for held in {*waiting[:_NEXT], *waiting[-_NEXT:]}:
                self.forget(held)
        elif first is not None and not self.working:
            self.forget(first)

    def forget(self, held: HeldBody) -> None:
        """Wake the body that waits."""
        waiter = self._waiting.pop(held, None)
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


_bodies: WeakKeyDictionary[asyncio.AbstractEventLoop, Bodies] = WeakKeyDictionary()


def held_body(most: int) -> HeldBody:
    """A new request's part of the bodies in the running event loop."""
    loop = asyncio.get_running_loop()
    bodies = _bodies.get(loop)
    if bodies is None:
        bodies = _bodies[loop] = Bodies(most)
    return HeldBody(bodies)
