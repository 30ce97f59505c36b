"""Whose step is next where steps run in threads, since the store may block.

All share the threads' interpreter lock. While several callers come, each has a lane, of which a few
steps run at once: as many as leave the event loop the lock soon after it has asked for it, shared
by those who have any. So whoever waits for a store that is far away has many under way, and whoever
keeps the processor busy has one or two. While one caller alone comes, it has all threads.

How soon is told by the processor's time, which this process has worked meanwhile: what a machine
does besides makes every step late, and says nothing of how many there should be.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mock_mindvideo.domain.caller_lines import CallerLines
from mock_mindvideo.system.later import Later
from mock_mindvideo.system.per_loop import PerLoop
from mock_mindvideo.web.threads import STEPS, in_thread

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

_Result = TypeVar("_Result")

#: Seconds after which a caller that has not come again is company no more.
LATELY = 5.0

#: Seconds that the processor may work from the end of a step until the event loop hears of it, and
#: which part more of the time that it had nothing to do while the step waited for the store.
MOMENT, PART = 0.0001, 1 / 16

#: Steps that averages are taken over.
SEEN = 16


class Took(NamedTuple):
    """What became of a step's time: the seconds that the processor worked from its end until the
    event loop heard of it, and those in which it had nothing to do before that end.
    """

    lag: float
    idle: float


class StepWatch:
    """Takes the time of one step."""

    def __init__(self) -> None:
        self._worked: float | None = None
        self._idle = 0.0

    def run(self, work: Callable[[], _Result]) -> _Result:
        """The result of `work`."""
        began, worked = time.perf_counter(), time.process_time()
        try:
            return work()
        finally:
            self._worked = time.process_time()
            self._idle = max(0.0, time.perf_counter() - began - (self._worked - worked))

    def heard(self) -> Took | None:
        """What became of its time, now that it is heard of; None if it never began."""
        if self._worked is None:
            return None
        return Took(time.process_time() - self._worked, self._idle)


class Width:
    """How many steps run at once while several callers come, and somebody waits."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._exact = 1.0
        self._average = Took(0.0, 0.0)

    def __int__(self) -> int:
        return int(self._exact)

    def adapt(self, took: Took, *, scarce: bool) -> None:
        """Narrower while the loop waits long, wider while it does not and there are too few."""
        lag, idle = self._average
        lag, idle = lag + (took.lag - lag) / SEEN, idle + (took.idle - idle) / SEEN
        self._average = Took(lag, idle)
        if lag > MOMENT + idle * PART:
            self._exact = max(1.0, self._exact - self._exact / SEEN)
        elif scarce:
            self._exact = min(self._most, self._exact + 1 / self._exact)


class Lanes:
    """The lanes of one event loop; `most` steps run at once in all."""

    def __init__(self, most: int = STEPS.most) -> None:
        self._most = most
        self.width = Width(most)
        self._last: bytes | None = None
        self._company_until = 0.0
        self._running: Counter[bytes] = Counter()
        self._waiting: CallerLines[asyncio.Future[None]] = CallerLines()

    async def run(self, caller: bytes, work: Callable[[], _Result]) -> _Result:
        """The result of `work`, done in a thread when it is that caller's turn."""
        await self._enter(caller)
        watch = StepWatch()
        try:
            return await in_thread(partial(watch.run, work))
        finally:
            self._leave(caller, watch.heard())

    async def _enter(self, caller: bytes) -> None:
        self._look_round(caller)
        if caller not in self._waiting and self._has_room(caller):
            self._running[caller] += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.add(caller, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given its turn meanwhile
                self._leave(caller)
            raise

    def _look_round(self, caller: bytes) -> None:
        if caller != self._last:
            if self._last is not None:
                self._company_until = time.monotonic() + LATELY
            self._last = caller

    def _leave(self, caller: bytes, took: Took | None = None) -> None:
        """Make room for those who wait; `took` is what became of a step that was run."""
        self._running[caller] -= 1
        self._running += Counter()  # forget who has none
        if took is not None and self._in_company:
            self.width.adapt(took, scarce=len(self._waiting) > 0)
        for following in list(self._waiting):
            while following in self._waiting and self._has_room(following):
                turn = self._waiting.take(following)
                if not turn.cancelled():
                    self._running[following] += 1
                    turn.set_result(None)

    @property
    def _in_company(self) -> bool:
        return time.monotonic() < self._company_until

    def _has_room(self, caller: bytes) -> bool:
        own = self._running[caller]
        return own == 0 or (own < self._share and self._running.total() < self._most)

    @property
    def _share(self) -> int:
        """How many steps each caller may have."""
        return int(self.width) // len(self._running) if self._in_company else self._most


#: Those that all requests on a loop share.
lanes_of = PerLoop(lambda _: Lanes())
