"""Threads for what may block, so that no event loop ever waits for a store over a network.

Stores say of themselves whether they block. Embedded ones do not, and nothing here is used.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from mock_mindvideo.system.later import Later
from mock_mindvideo.web.answers import AsgiApp, Receive, Scope, Send

if TYPE_CHECKING:
    import asyncio
    from concurrent import futures
else:
    futures = Later("concurrent.futures")
    asyncio = Later("asyncio")

_Result = TypeVar("_Result")

#: Steps of the emulated API that are under way at once. None of them waits for a client.
STEPS = 64

#: Requests for files and the control plane that are; these do wait for their clients.
REQUESTS = 64

#: In a scope: the event loop of the server, where the request is answered in a thread.
_HOME = "mock_mindvideo.home"


@cache
def _pool(most: int) -> "futures.ThreadPoolExecutor":
    return futures.ThreadPoolExecutor(most, "mock-mindvideo-store")


def apart(work: Callable[[], None]) -> None:
    """Have `work` done in a thread, whenever that is."""
    _pool(STEPS).submit(work)


async def in_thread(work: Callable[[], _Result], pool: int = STEPS) -> _Result:
    """The result of `work`, done in a thread; who is cancelled waits until it is done."""
    doing = asyncio.get_running_loop().run_in_executor(_pool(pool), work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await _over(doing)
        raise


async def called(work: Callable[[], _Result], *, blocking: bool) -> _Result:
    """The result of `work`, done in a thread if it may block."""
    return await in_thread(work) if blocking else work()


async def serve_in_thread(app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let `app` answer one request in a thread, where it has an event loop of its own."""
    here = asyncio.get_running_loop()
    serving: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []

    def across(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def calling(*arguments: Any) -> Any:
            asked = asyncio.run_coroutine_threadsafe(_awaited(call(*arguments)), here)
            return await asyncio.wrap_future(asked)

        return calling

    async def serve() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        serving.append((asyncio.get_running_loop(), task))
        await app({**scope, _HOME: here}, across(receive), across(send))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(serve())

    doing = asyncio.ensure_future(in_thread(run, REQUESTS))
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        for loop, task in serving:
            loop.call_soon_threadsafe(task.cancel)
        await _over(doing)
        raise


async def at_home(scope: Scope, call: Callable[[], Awaitable[_Result]]) -> _Result:
    """The result of a call that is made in the server's event loop, wherever this is."""
    home: asyncio.AbstractEventLoop | None = scope.get(_HOME)
    if home is None:
        return await call()
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_awaited(call()), home))


async def _over(doing: "asyncio.Future[Any]") -> None:
    """Wait until it is done; what went wrong with it is told to nobody, since nobody waits."""
    await asyncio.wait([doing])
    if not doing.cancelled():
        doing.exception()


async def _awaited(call: Awaitable[Any]) -> Any:
    return await call
