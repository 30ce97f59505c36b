"""Who answers for an address in this process, and who is asked where nobody does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mock_mindvideo.transports.addresses import Addresses

if TYPE_CHECKING:
    from mock_mindvideo.transports.embedded import Embedded


class Interception(NamedTuple):
    """Requests to `addresses` are answered by `embedded`."""

    addresses: Addresses
    embedded: "Embedded"


#: Asked about an address that nobody answers for, before a library connects to it; it may raise.
Guard = Callable[[str, int | None], None]

_lock = Lock()
_active: tuple[Interception, ...] = ()
_guards: tuple[Guard, ...] = ()


def find(host: str, port: int | None = None) -> "Embedded | None":
    """Who answers for an address, if anybody does: the innermost one of several."""
    for each in reversed(_active):
        if each.addresses.have(host, port):
            return each.embedded
    return None


def find_url(url: str) -> "Embedded | None":
    """Who answers for a URL, if anybody does."""
    try:
        parts = urlsplit(url)
        return find(parts.hostname or "", parts.port)
    except ValueError:  # whoever gave it will be told by the library
        return None


def answers(host: str, port: int | None = None) -> bool:
    """Whether the mock answers for an address that is about to be dialled; the guard may raise."""
    if find(host, port) is not None:
        return True
    if _guards:
        _guards[-1](host, port)
    return False


@contextmanager
def registered(one: Interception) -> Iterator[None]:
    """While inside, `one` is found."""
    global _active  # noqa: PLW0603 - the libraries that are patched are global as well
    with _lock:
        _active = (*_active, one)
    try:
        yield
    finally:
        with _lock:
            _active = tuple(each for each in _active if each is not one)


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """While inside, `guard` is asked; the innermost one of several."""
    global _guards  # noqa: PLW0603
    with _lock:
        _guards = (*_guards, guard)
    try:
        yield
    finally:
        with _lock:
            _guards = tuple(each for each in _guards if each is not guard)
