"""Whose step is next where steps run in threads, since the store may block.

All share the threads' interpreter lock. While several callers come, each has a lane, of which a few
steps run at once: as many as leave the event loop the lock within a moment of asking for it. So
whoever waits for a store that is far away has many under way, and whoever keeps the processor busy
has few. While one caller alone comes, it has all threads.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

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

#: Seconds from the end of a step until the event loop hears of it, above which there are too many.
MOMENT = 0.0005

#: Steps of one caller that run at once, at least.
FEW = 2


class Width:
    """How many steps of one caller run at once while others come too."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._exact = float(FEW)

    def __int__(self) -> int:
        return int(self._exact)

    def adapt(self, lag: float) -> None:
        """Narrower where the loop has waited long, wider little by little where it has not."""
        if lag > MOMENT:
            self._exact = max(FEW, self._exact * 0.9)
        else:
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
        ended: list[float] = []

        def timed() -> _Result:
            try:
                return work()
            finally:
                ended.append(time.perf_counter())

        await self._enter(caller)
        try:
            return await in_thread(timed)
        finally:
            self._leave(caller, time.perf_counter() - ended[0] if ended else None)

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

    def _leave(self, caller: bytes, lag: float | None = None) -> None:
        """Make room for those who wait; `lag` is how long the loop has waited to hear of it."""
        self._running[caller] -= 1
        self._running += Counter()  # forget who has none
        if lag is not None and self._in_company:
            self.width.adapt(lag)
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
        width = int(self.width) if self._in_company else self._most
        return own == 0 or (own < width and self._running.total() < self._most)


#: Those that all requests on a loop share.
lanes_of = PerLoop(lambda _: Lanes())
