"""What httpx and httpx2 have in common, all that a transport by hand needs to know of them.

A request tells by its class which of the two it belongs to; its answer is made of the same.
"""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import ModuleType
from typing import Any

from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.embedded import Body, Disconnected, Embedded, embedded_scope
from mock_mindvideo.transports.patience import TimedOut, checkpoint
from mock_mindvideo.transports.stepping import SteppedRun

__tracebackhide__ = hidden
__unittest = True


def send(embedded: Embedded, request: Any) -> Any:
    """The library's response to its request; raises the library's own exceptions."""
    body = b"".join(request.stream)
    library = library_of(request)
    with _translated(library, request):
        answer = embedded.begin(_run(embedded, request, body), _timeout(request))
        if not answer.run.in_pieces:
            answer.close()
    return _response(library, request, answer)


async def send_async(embedded: Embedded, request: Any) -> Any:
    """The same for an async client, in asyncio or trio."""
    body = b"".join([chunk async for chunk in request.stream])
    library = library_of(request)
    await checkpoint()
    with _translated(library, request):
        run = await embedded.aside(partial(_run, embedded, request, body))
        answer = await embedded.begin_async(run, _timeout(request))
    return await _response_async(library, request, answer)


def library_of(request: Any) -> ModuleType:
    """The package that a request or a client comes from."""
    return sys.modules[type(request).__module__.partition(".")[0]]


def _run(embedded: Embedded, request: Any, body: bytes) -> SteppedRun:
    url = request.url
    scope = embedded_scope(request.method, url.raw_path, request.headers.raw, url.scheme)
    return embedded.run(scope, body)


def _timeout(request: Any) -> float | None:
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get("read")


async def _response_async(library: ModuleType, request: Any, answer: Body) -> Any:
    if not answer.run.in_pieces:
        await answer.aclose()
    return _response(library, request, answer)


def _response(library: ModuleType, request: Any, answer: Body) -> Any:
    run = answer.run
    if run.in_pieces:
        stream = _stream_class(library)(library, request, answer)
    else:
        stream = library.ByteStream(run.whole)
    extensions = {"http_version": b"HTTP/1.1"}
    return library.Response(
        run.status, headers=run.headers_on_the_wire, stream=stream, extensions=extensions
    )


@contextmanager
def _translated(library: ModuleType, request: Any) -> Iterator[None]:
    """What the wire would have done, as the library says it."""
    try:
        yield
    except TimedOut:
        raise library.ReadTimeout("timed out", request=request) from None
    except Disconnected as problem:
        raise library.RemoteProtocolError(str(problem), request=request) from None


@cache
def _stream_class(library: ModuleType) -> Any:
    """A body of that library's, read by sync and async clients alike."""

    class Stream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, library: ModuleType, request: Any, body: Body) -> None:
            self._library = library
            self._request = request
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            with _translated(self._library, self._request):
                yield from self._body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            with _translated(self._library, self._request):
                async for piece in self._body:
                    yield piece

        def close(self) -> None:
            self._body.close()

        async def aclose(self) -> None:
            await self._body.aclose()

    return Stream
