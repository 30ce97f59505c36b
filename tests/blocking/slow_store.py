"""A store as one over a network would be: each call takes a while, and says so if on a loop."""

import asyncio
import time
from collections.abc import Callable, Iterator
from threading import current_thread
from typing import Any

from mock_mindvideo.stores import MemoryStore

#: Threads whose event loop serves one request alone, or what a client in this process asks beside.
OF_ONE_REQUEST = ("mock-mindvideo-store", "mock-mindvideo-loop")

#: What is read at the start and never asks anybody.
LOCAL = ("clock", "subscribe")


class OnALoop(AssertionError):
    """The store was called where others wait for an event loop to go on."""


class Slow:
    """Stands for `inner`; calls of its methods, and steps of their iterators, take a while.

    A call takes `round_trip` seconds; `misused` holds those that were made on an event loop.
    """

    round_trip = 0.0005

    def __init__(self, inner: Any, misused: list[str] | None = None) -> None:
        self._inner = inner
        self.misused: list[str] = [] if misused is None else misused

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._slowly(name, found) if callable(found) and name not in LOCAL else found

    def __len__(self) -> int:
        return len(self._inner)

    def _slowly(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def calling(*arguments: Any, **named: Any) -> Any:
            self._travel(name)
            found = call(*arguments, **named)
            return self._each(name, found) if isinstance(found, Iterator) else found

        return calling

    def _each(self, name: str, found: Iterator[Any]) -> Iterator[Any]:
        for each in found:
            self._travel(name)
            yield each

    def _travel(self, name: str) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            time.sleep(self.round_trip)  # what this store is for
            return
        if not current_thread().name.startswith(OF_ONE_REQUEST):
            self.misused.append(name)
            raise OnALoop(name)


class SlowStore(Slow):
    """A memory store, far away."""

    blocking = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(MemoryStore(*arguments))
        self.files = Slow(self._inner.files, self.misused)
