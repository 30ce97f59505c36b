"""What a server has to do by itself while it runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.work import whole
from mock_mindvideo.stores import Store
from mock_mindvideo.web.metrics.workers import WorkerTallies
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.threads import called
from mock_mindvideo.web.turns import in_turns
from mock_mindvideo.worlds.expiry import Expiry

logger = logging.getLogger("mock_mindvideo")

Chore = Callable[[], Coroutine[Any, Any, None]]

#: Real seconds between two writes of what a store held back, and of what was counted.
FLUSH = 0.05
TELL = 0.5


@asynccontextmanager
async def running(
    store: Store,
    open_streams: OpenStreams,
    tallies: WorkerTallies,
    watching: Sequence[Chore],
) -> AsyncIterator[None]:
    """Does the chores of a server; at the end it closes the streams and the store.

    `watching` is run beside them; each ends only by being cancelled.
    """
    chores = [asyncio.create_task(watch()) for watch in watching]
    if store.shared:
        chores += [
            asyncio.create_task(_flush(store)),
            asyncio.create_task(_tell(tallies)),
            asyncio.create_task(open_streams.watch_others()),
        ]
    try:
        yield
    finally:
        open_streams.close()
        for chore in chores:
            chore.cancel()
            with suppress(asyncio.CancelledError):
                await chore
        await called(store.close, blocking=store.blocking)


async def expire(expiry: Expiry) -> None:
    """Forget idle worlds, all the time; a store that is away keeps them."""
    blocking = expiry.blocking
    while True:
        await asyncio.sleep(expiry.period)
        with suppress(Unavailable):
            if blocking:
                await called(lambda: whole(expiry.look()), blocking=True)
            else:
                await in_turns(expiry.look())


async def _tell(tallies: WorkerTallies) -> None:
    """Let the other workers know what was counted."""
    while True:
        await asyncio.sleep(TELL)
        tallies.flush()


async def _flush(store: Store) -> None:
    """Write what the store held back, all the time; that it cannot be is told once."""
    told = False
    while True:
        await asyncio.sleep(FLUSH)
        try:
            await called(store.flush, blocking=store.blocking)
            told = False
        except Unavailable as problem:
            if not told:
                logger.warning("the journal has to wait: %s", problem)
            told = True
