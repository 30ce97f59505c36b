"""httpcore and httpcore2, and so httpx and httpx2: the pools' `create_connection`.

The connection that a pool makes for a known address answers in this process. It stands below
everything that is put on a transport or a pool: proxies, retries, instrumentation, respx.
Connections that a pool has from before are passed over, by `can_handle_request`, with which it asks
them.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mock_mindvideo.fences.httpcore import INTERFACES, POOLS, can_be_patched, is_double
from mock_mindvideo.transports.answering import answers, find, guards, serving
from mock_mindvideo.transports.seams.patches import Patches

if TYPE_CHECKING:
    from mock_mindvideo.transports.embedded import Body, Embedded
    from mock_mindvideo.transports.stepping import SteppedRun


def patch(library: ModuleType, patches: Patches) -> None:
    """Let the pools of `library` make connections to the mock."""
    if can_be_patched(library):
        for pool, make in zip(POOLS, (_sync, _async), strict=True):
            patches.put_in_family(getattr(library, pool), "create_connection", _creating(make))
        for interface in INTERFACES:
            patches.put_in_family(getattr(library, interface), "can_handle_request", _handling)


def _creating(make: Callable[[ModuleType], Any]) -> Callable[[Any], Any]:
    def replace(original: Any) -> Any:
        def create_connection(self: Any, origin: Any) -> Any:
            if is_double(self) or not answers(origin.host.decode("ascii"), origin.port):
                return original(self, origin)
            return make(sys.modules[type(origin).__module__.partition(".")[0]])(origin)

        return create_connection

    return replace


def _handling(original: Any) -> Any:
    def can_handle_request(self: Any, origin: Any) -> bool:
        address = origin.host.decode("ascii"), origin.port
        if not isinstance(self, _Connection) and (find(*address) is not None or guards(*address)):
            return False  # it was opened before there was a fixture, or a guard
        return bool(original(self, origin))

    return can_handle_request


class _Connection:
    """What connections of both kinds have in common: one request at a time, as in HTTP/1.1."""

    library: ModuleType

    def __init__(self, origin: Any) -> None:
        self._origin = origin
        self._host = origin.host.decode("ascii")
        self._busy = True  # it is made for a request, which is on its way
        self._fresh = True
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self._origin!s}, {self.info()}]>"

    def info(self) -> str:
        """As the library shows it."""
        return f"HTTP/1.1, in process, {'ACTIVE' if self._busy else 'IDLE'}"

    def can_handle_request(self, origin: Any) -> bool:
        return bool(origin == self._origin)

    def is_connected(self) -> bool:
        return True

    def can_multiplex(self) -> bool:
        return False

    def is_available(self) -> bool:
        return not (self._busy or self._closed or self.has_expired())

    def has_expired(self) -> bool:
        """Whether nobody answers any more: the fixture is over."""
        return find(self._host, self._origin.port) is None

    def is_idle(self) -> bool:
        return not self._busy

    def is_closed(self) -> bool:
        return self._closed

    def _begin(self) -> "Embedded":
        embedded = serving(self._host, self._origin.port)
        if embedded is None or self._closed or (self._busy and not self._fresh):
            raise self.library.ConnectionNotAvailable
        self._busy, self._fresh = True, False
        return embedded

    def _end(self) -> None:
        self._busy = False

    def _response(self, answer: "Body", stream: Any) -> Any:
        return self.library.Response(
            answer.run.status,
            headers=answer.run.headers_on_the_wire,
            content=stream(self, answer),
            extensions={"http_version": b"HTTP/1.1"},
        )

    @contextmanager
    def _failing(self, *passed_on: type[BaseException]) -> Iterator[None]:
        """What the wire would have done, as the library says it; the connection is over then."""
        from mock_mindvideo.transports.embedded import Disconnected, TimedOut  # noqa: PLC0415

        try:
            yield
        except passed_on:
            raise
        except BaseException as problem:
            self._busy, self._closed = False, True
            if isinstance(problem, TimedOut):
                raise self.library.ReadTimeout("timed out") from None
            if isinstance(problem, Disconnected):
                raise self.library.RemoteProtocolError(str(problem)) from None
            raise


@cache
def _sync(of: ModuleType) -> Any:
    """The class of connections of the library's `ConnectionPool`."""

    class MockConnection(_Connection, of.ConnectionInterface):  # type: ignore[misc, name-defined]
        library = of

        def handle_request(self, request: Any) -> Any:
            embedded = self._begin()
            with self._failing():
                run = _run(embedded, request, b"".join(request.stream))
                answer = embedded.begin(run, _timeout(request))
            return self._response(answer, _Stream)

        def close(self) -> None:
            self._closed = True

    return MockConnection


@cache
def _async(of: ModuleType) -> Any:
    """The class of connections of the library's `AsyncConnectionPool`."""

    class AsyncMockConnection(_Connection, of.AsyncConnectionInterface):  # type: ignore[misc, name-defined]
        library = of

        async def handle_async_request(self, request: Any) -> Any:
            from mock_mindvideo.transports.patience import checkpoint  # noqa: PLC0415

            embedded = self._begin()
            with self._failing():
                body = b"".join([chunk async for chunk in request.stream])
                await checkpoint()
                run = await embedded.aside(lambda: _run(embedded, request, body))
                answer = await embedded.begin_async(run, _timeout(request))
            return self._response(answer, _AsyncStream)

        async def aclose(self) -> None:
            self._closed = True

    return AsyncMockConnection


class _Stream:
    """The body of an answer; the connection is free again when it is closed."""

    def __init__(self, connection: Any, body: "Body") -> None:
        self._connection = connection
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        with self._connection._failing():
            yield from self._body

    def close(self) -> None:
        self._body.close()
        self._connection._end()


class _AsyncStream:
    def __init__(self, connection: Any, body: "Body") -> None:
        self._connection = connection
        self._body = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        with self._connection._failing(StopAsyncIteration):
            return await anext(self._body)

    async def aclose(self) -> None:
        await self._body.aclose()
        self._connection._end()


def _run(embedded: "Embedded", request: Any, body: bytes) -> "SteppedRun":
    from mock_mindvideo.transports.embedded import embedded_scope  # noqa: PLC0415

    url, method = request.url, request.method.decode("ascii")
    scope = embedded_scope(method, url.target, request.headers, url.scheme.decode("ascii"))
    return embedded.run(scope, body)


def _timeout(request: Any) -> float | None:
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get("read")
