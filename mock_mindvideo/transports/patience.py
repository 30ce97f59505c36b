"""How a client without a socket waits: in the world's time where that is virtual, else really.

A wait beyond the client's own timeout ends in that timeout at once.
"""

from collections.abc import Callable
from functools import partial
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.world import TIME
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.system.later import Later
from mock_mindvideo.virtual.standing_still import StandingStill
from mock_mindvideo.web.steps import Pause
from mock_mindvideo.web.threads import in_thread
from mock_mindvideo.web.waiting import Bell, wait_in_loop
from mock_mindvideo.worlds import World

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

if TYPE_CHECKING:
    from mock_mindvideo.virtual.timeline import Timeline

__tracebackhide__ = hidden
__unittest = True

_Result = TypeVar("_Result")


class TimedOut(Exception):
    """The client's read timeout is over before there is an answer, or more of it."""


#: Requests at one moment of the world's clock after which nobody is thought to be waiting.
MOST_AT_ONCE = 2000


class Patience:
    """Waits on behalf of the clients of one world.

    With a `timeline`, they wait in it, as the application itself does.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.timeline: Timeline | None = None
        self._moment = 0
        self._at_once = 0

    def expect_progress(self) -> None:
        """Count a request; raises StandingStill where time will never pass."""
        if self.timeline is None:
            return
        self.timeline.elapsed()
        now = self.world.now()
        self._at_once = self._at_once + 1 if now == self._moment else 0
        self._moment = now
        if self._at_once >= MOST_AT_ONCE:
            raise StandingStill(
                f"{MOST_AT_ONCE} requests while the world's clock stood: in virtual time only"
                " waiting moves it; sleep between polls, or let polls move it (progress='polls')"
            )

    def countdown(self, timeout: float | None) -> Callable[[], float | None]:
        """Gives what is left of a timeout from now on, in whatever number of waits it passes."""
        begun: float | None = None

        def left() -> float | None:
            nonlocal begun
            if timeout is None:
                return None
            now = self._clock()
            begun = now if begun is None else begun
            return max(0.0, timeout - (now - begun))

        return left

    def _clock(self) -> float:
        """The seconds by which timeouts of clients go: the world's where time is virtual."""
        if self.timeline is None:
            return monotonic()
        return self.world.now() / SECOND / self.world.state.speed

    def wait(self, pause: Pause, timeout: float | None) -> bool:
        """Wait in this thread; raises TimedOut."""
        if self.timeline is not None:
            rang = wait_in_timeline(self.timeline, pause.bell, self._span(pause, timeout))
            return self._in_time(pause, timeout, rang=rang)
        seconds = self._real(pause, timeout)
        if seconds is None:
            return False
        rang = wait_in_thread(pause.bell, seconds)
        return self._in_time(pause, timeout, rang=rang)

    async def wait_async(
        self, pause: Pause, timeout: float | None, *, blocking: bool = False
    ) -> bool:
        """Wait in the running event loop, of asyncio or trio; raises TimedOut."""
        work = self._real if self.timeline is None else self._span
        seconds = await aside(partial(work, pause, timeout), blocking=blocking)
        if seconds is None:
            return False
        wait = wait_in_loop if in_asyncio() else wait_in_trio
        return self._in_time(pause, timeout, rang=await wait(pause.bell, seconds))

    def _real(self, pause: Pause, timeout: float | None) -> float | None:
        """The real seconds to wait at most, or None if virtual time has passed instead."""
        longest = _least(pause.seconds, timeout)
        if pause.bell is not None and pause.bell.by_hand:
            return longest
        if pause.bell is not None and pause.due is None:
            raise TimedOut
        state = self.world.state
        if state.progress == TIME or pause.bell is not None:
            return longest
        if timeout is not None and _least(pause.seconds, pause.due) > timeout:
            raise TimedOut
        return None

    def _span(self, pause: Pause, timeout: float | None) -> float:
        """The seconds to wait at most, in virtual time."""
        return _least(_least(pause.seconds, pause.due), timeout) * self.world.state.speed

    def _in_time(self, pause: Pause, timeout: float | None, *, rang: bool) -> bool:
        due = None if self.timeline is None else pause.due
        if not rang and timeout is not None and _least(pause.seconds, due) > timeout:
            raise TimedOut
        return rang


def in_asyncio() -> bool:
    """Whether this code runs in asyncio; trio otherwise."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def checkpoint() -> None:
    """Give the other tasks a turn, and a cancellation its place, as a socket would."""
    if in_asyncio():
        await asyncio.sleep(0)
    else:
        import trio  # noqa: PLC0415 - only who runs in it has it

        await trio.lowlevel.checkpoint()


async def aside(work: Callable[[], _Result], *, blocking: bool) -> _Result:
    """The result of `work`, done in a thread beside asyncio or trio if it may block."""
    if not blocking:
        return work()
    if in_asyncio():
        return await in_thread(work)
    import trio  # noqa: PLC0415 - only who runs in it has it

    with trio.CancelScope(shield=True):
        result = await trio.to_thread.run_sync(work)
    return result  # noqa: RET504 - mypy takes any `with` for one that may swallow an exception


def _least(one: float | None, other: float | None) -> float:
    return min((each for each in (one, other) if each is not None), default=float("inf"))


def wait_in_thread(bell: Bell | None, seconds: float) -> bool:
    """Wait in this thread, in real time; whether the bell rang."""
    heard = Event()
    bell = bell or Bell()
    bell.listen(listener := heard.set)
    try:
        return heard.wait(None if seconds == float("inf") else seconds)
    finally:
        bell.forget(listener)


def wait_in_timeline(timeline: "Timeline", bell: Bell | None, seconds: float) -> bool:
    """Wait in this thread, in virtual time; whether the bell rang."""
    waiter = timeline.waiter("an answer of the mock")
    bell = bell or Bell()
    bell.listen(waiter.hear)
    try:
        return timeline.wait(seconds, waiter)
    finally:
        bell.forget(waiter.hear)


async def wait_in_trio(bell: Bell | None, seconds: float) -> bool:
    """Wait in trio, in real time; whether the bell rang."""
    import trio  # noqa: PLC0415 - only who runs in it has it

    token, heard = trio.lowlevel.current_trio_token(), trio.Event()

    def listener() -> None:
        token.run_sync_soon(heard.set)

    bell = bell or Bell()
    bell.listen(listener)
    try:
        with trio.move_on_after(seconds):
            await heard.wait()
    finally:
        bell.forget(listener)
    return heard.is_set()
