"""An event loop in a thread of its own, for test clients that are asked from outside of it."""

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, Self

import anyio

#: What TestClient makes for each request; none of it needs to be made inside of the loop.
_MADE_ANYWHERE = (anyio.Event, anyio.create_memory_object_stream[tuple[bytes, bool]])


class Crossing:
    """A portal as Starlette's TestClient uses one, with fewer crossings for each request.

    AnyIO's own asks the loop to start a task and waits for its word that it has, then waits for
    the result: a dozen changes of threads for one answer, which cost more than the answer does.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="crossing", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.call(self._ended)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, made: Callable[..., Any], *arguments: Any) -> Any:
        """What `made` returns inside of the loop, awaited if it can be."""
        if made in _MADE_ANYWHERE:
            return made(*arguments)
        return self.start_task_soon(made, *arguments).result()

    def start_task_soon(self, made: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run it as a task of the loop."""
        return asyncio.run_coroutine_threadsafe(_awaited(made, *arguments), self._loop)

    async def _ended(self) -> None:
        """Cancel what still runs, and wait until it has seen that."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()


async def _awaited(made: Callable[..., Any], *arguments: Any) -> Any:
    found = made(*arguments)
    return await found if inspect.isawaitable(found) else found
