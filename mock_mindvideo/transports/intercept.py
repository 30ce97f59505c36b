"""Interception: code that makes its own httpx or httpx2 client talks to the mock, unchanged.

Where the clients' own transports would open a connection, requests to a known host are answered
here; all others go on to the network, or to whoever else has patched it.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple

from mock_mindvideo.fences.http_clients import can_be_patched
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.http_clients import LIBRARIES, send, send_async

#: The vendor's host.
HOST = PLATFORM.host


class Interception(NamedTuple):
    """Requests to `hosts` are answered by `embedded`."""

    hosts: frozenset[str]
    embedded: Embedded


_lock = Lock()
_active: tuple[Interception, ...] = ()
_originals: list[tuple[Any, str, Callable[..., Any]]] = []


@contextmanager
def intercepting(embedded: Embedded, hosts: Sequence[str] = (HOST,)) -> Iterator[None]:
    """While inside, answer requests to `hosts`; the innermost one of several for a host."""
    one = Interception(frozenset(host.lower() for host in hosts), embedded)
    _add(one)
    try:
        yield
    finally:
        _remove(one)


def find(host: str) -> Embedded | None:
    """Who answers for a host, if anybody does."""
    for each in reversed(_active):
        if host in each.hosts:
            return each.embedded
    return None


def _add(one: Interception) -> None:
    global _active  # noqa: PLW0603 - the classes that are patched are global as well
    with _lock:
        if not _active:
            _patch()
        _active = (*_active, one)


def _remove(one: Interception) -> None:
    global _active  # noqa: PLW0603
    with _lock:
        _active = tuple(each for each in _active if each is not one)
        if not _active:
            _unpatch()


def libraries() -> list[ModuleType]:
    """Those that are installed."""
    found = (name for name in LIBRARIES if name in sys.modules or importlib.util.find_spec(name))
    return [importlib.import_module(name) for name in found]


def _patch() -> None:
    for library in filter(can_be_patched, libraries()):
        _replace(library.HTTPTransport, "handle_request", _sync)
        _replace(library.AsyncHTTPTransport, "handle_async_request", _async)


def _replace(owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    original = getattr(owner, name)
    _originals.append((owner, name, original))
    setattr(owner, name, make(original))


def _unpatch() -> None:
    """Take the patches back, unless somebody has patched over one; that one then passes on."""
    while _originals:
        owner, name, original = _originals.pop()
        if getattr(getattr(owner, name), "__wrapped__", None) is original:
            setattr(owner, name, original)


def _sync(original: Any) -> Callable[..., Any]:
    def handle_request(self: Any, request: Any) -> Any:
        embedded = find(request.url.host)
        return original(self, request) if embedded is None else send(embedded, request)

    handle_request.__wrapped__ = original  # type: ignore[attr-defined]
    return handle_request


def _async(original: Any) -> Callable[..., Any]:
    async def handle_async_request(self: Any, request: Any) -> Any:
        embedded = find(request.url.host)
        if embedded is None:
            return await original(self, request)
        return await send_async(embedded, request)

    handle_async_request.__wrapped__ = original  # type: ignore[attr-defined]
    return handle_async_request
