"""Rendered files, kept within a byte budget; each rendered once however many ask at a time."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from concurrent.futures import Future
from typing import Generic, TypeVar

#: What is rendered; its length is in bytes.
File = TypeVar("File", bound=Sized)


class RenderCache(Generic[File]):
    """A least-recently-used cache bounded by bytes, safe to share between threads.

    Counters, to be read only: `renders` (renderings begun, failed ones too), `evicted` (results
    dropped to make room) and `bytes` (kept now, at most `max_bytes`).
    """

    def __init__(self, max_bytes: int, max_concurrent: int = 2) -> None:
        """`max_concurrent` renderings run at a time, others wait. ValueError if it is under 1."""
        if max_concurrent < 1:
            problem = f"max_concurrent must be at least 1, not {max_concurrent}"
            raise ValueError(problem)
        self.max_bytes = max_bytes
        self.renders = 0
        self.evicted = 0
        self.bytes = 0
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(max_concurrent)
        self._kept: OrderedDict[Hashable, File] = OrderedDict()
        self._flights: dict[Hashable, Future[File]] = {}

    def get(self, key: Hashable, render: Callable[[], File]) -> File:
        """The result kept under `key`, else that of `render`, which must not call `get` itself.

        While one thread renders, others that ask for the same key wait for its result. What
        `render` raises reaches all of these; the next call renders again. A result larger than
        `max_bytes` is returned, not kept.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            flight = self._flights.get(key)
            if leads := flight is None:
                flight = self._flights[key] = Future()
        if leads:
            self._lead(flight, key, render)
        return flight.result()

    def _lead(self, flight: Future[File], key: Hashable, render: Callable[[], File]) -> None:
        try:
            with self._slots:
                body = self._rendered(render)
        except BaseException as error:
            # Whatever ended it, KeyboardInterrupt too: those who wait must not wait forever.
            self._land(key)
            flight.set_exception(error)
            raise
        self._land(key, body)
        flight.set_result(body)

    def _rendered(self, render: Callable[[], File]) -> File:
        with self._lock:
            self.renders += 1
        return render()

    def _land(self, key: Hashable, body: File | None = None) -> None:
        # In one step: a thread that comes by sees either the flight or the kept result.
        with self._lock:
            del self._flights[key]
            if body is not None and len(body) <= self.max_bytes:
                self._keep(key, body)

    def _keep(self, key: Hashable, body: File) -> None:
        self._kept[key] = body
        self.bytes += len(body)
        while self.bytes > self.max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= len(dropped)
            self.evicted += 1
