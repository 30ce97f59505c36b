"""Long work of one request, in turns with the other requests of the event loop."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from mock_mindvideo.domain.work import Work, whole
from mock_mindvideo.system.later import Later
from mock_mindvideo.system.per_loop import PerLoop

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

_Result = TypeVar("_Result")

#: Seconds of work until the others have their turn.
TURN = 0.002


#: One at a time, so that many long works at once hold up nobody longer than one does.
_working = PerLoop(lambda _: asyncio.Lock())

#: The same for steps that are long and cannot be divided.
_alone = PerLoop(lambda _: asyncio.Lock())


@asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """For one long step without a pause: there is no second one in a turn of the event loop."""
    async with _alone(asyncio.get_running_loop()):
        await asyncio.sleep(0)  # whoever has sent something meanwhile goes first
        yield


async def in_turns(work: Work[_Result]) -> _Result:
    """The result; others are served before it, and after each TURN of it.

    So a long row of short works, each of less than a TURN, holds up nobody either.
    Without an event loop, or stepped by hand inside of one, there is nobody else to be served.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return whole(work)
    async with _working(loop):
        await asyncio.sleep(0)
        return await _in_turns(work)


async def _in_turns(work: Work[_Result]) -> _Result:
    until = time.perf_counter() + TURN
    while True:
        try:
            next(work)
        except StopIteration as over:
            result: _Result = over.value
            return result
        if time.perf_counter() > until:
            await asyncio.sleep(0)
            until = time.perf_counter() + TURN
