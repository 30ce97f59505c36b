"""Long work of one request, in turns with the other requests of the event loop."""

import asyncio
import time
from collections.abc import Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

import orjson

from mock_mindvideo.domain.work import Work, whole

_Result = TypeVar("_Result")

#: Seconds of work until the others have their turn.
TURN = 0.002


#: One at a time, so that many long works at once hold up nobody longer than one does.
_working: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def in_turns(work: Work[_Result]) -> _Result:
    """The result; others are served after each TURN of it.

    Without an event loop, or stepped by hand inside of one, there is nobody else to be served.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return whole(work)
    async with _working.setdefault(loop, asyncio.Lock()):
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


def written(items: Iterable[object]) -> Work[orjson.Fragment]:
    """The items as a JSON array, one after the other."""
    return array(map(orjson.dumps, items))


def array(items: Iterable[bytes]) -> Work[orjson.Fragment]:
    """A JSON array of what is JSON already."""
    parts = []
    for item in items:
        parts.append(item)
        yield
    return orjson.Fragment(b"[" + b",".join(parts) + b"]")
