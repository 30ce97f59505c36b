"""What a server has to do by itself while it runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.reload import Reloader
from mock_mindvideo.web.threads import called
from mock_mindvideo.web.transitions import Transitions

logger = logging.getLogger("mock_mindvideo")

#: Real seconds between two writes of what a store held back.
FLUSH = 0.05


@asynccontextmanager
async def running(
    store: Store, open_streams: OpenStreams, watching: tuple[Reloader, Transitions] | None
) -> AsyncIterator[None]:
    """Does the chores of a server; at the end it closes the streams and the store.

    `watching` are what looks for changed schemas and tells what becomes of tasks, if wanted.
    """
    chores = []
    if store.shared:
        chores += [
            asyncio.create_task(_flush(store)),
            asyncio.create_task(open_streams.watch_others()),
        ]
    if watching is not None:
        reloader, transitions = watching
        chores += [asyncio.create_task(reloader.watch()), asyncio.create_task(transitions.run())]
    try:
        yield
    finally:
        open_streams.close()
        for chore in chores:
            chore.cancel()
            with suppress(asyncio.CancelledError):
                await chore
        await called(store.close, blocking=store.blocking)


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
