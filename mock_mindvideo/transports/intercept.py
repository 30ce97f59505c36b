"""Interception: code that makes its own client talks to the mock, unchanged.

Where a library would open a connection to a known address (see `seams`), the mock answers in this
process. All other addresses go on to the network, or to whoever else has patched the library.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from mock_mindvideo.transports import seams
from mock_mindvideo.transports.addresses import HOST, Addresses

if TYPE_CHECKING:
    from mock_mindvideo.transports.embedded import Embedded


class Interception(NamedTuple):
    """Requests to `addresses` are answered by `embedded`."""

    addresses: Addresses
    embedded: "Embedded"


#: Asked about each address that nobody answers for, before a library connects to it; it raises.
Guard = Callable[[str, int | None], None]

_lock = Lock()
_active: tuple[Interception, ...] = ()
_guards: tuple[Guard, ...] = ()


@contextmanager
def intercepting(embedded: "Embedded", hosts: Sequence[str] = (HOST,)) -> Iterator[None]:
    """While inside, answer requests to `hosts`; the innermost one of several for an address."""
    one = Interception(Addresses(hosts), embedded)
    with seams.installed():
        _add(one)
        try:
            yield
        finally:
            _remove(one)


@contextmanager
def guarding(guard: Guard) -> Iterator[None]:
    """While inside, ask `guard` about what nobody answers for; the innermost one of several."""
    global _guards  # noqa: PLW0603 - the libraries that are patched are global as well
    with seams.installed():
        _guards = (*_guards, guard)
        try:
            yield
        finally:
            _guards = tuple(each for each in _guards if each is not guard)


def find(host: str, port: int | None = None) -> "Embedded | None":
    """Who answers for an address, if anybody does."""
    for each in reversed(_active):
        if each.addresses.have(host, port):
            return each.embedded
    return None


def answers(host: str, port: int | None = None) -> bool:
    """Whether the mock answers for an address that is about to be dialled; the guard may raise."""
    if find(host, port) is not None:
        return True
    if _guards:
        _guards[-1](host, port)
    return False


def _add(one: Interception) -> None:
    global _active  # noqa: PLW0603
    with _lock:
        _active = (*_active, one)


def _remove(one: Interception) -> None:
    global _active  # noqa: PLW0603
    with _lock:
        _active = tuple(each for each in _active if each is not one)
