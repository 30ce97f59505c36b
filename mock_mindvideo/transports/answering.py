"""Who answers for an address in this process, and who is asked where nobody does."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from mock_mindvideo.transports.addresses import Addresses

if TYPE_CHECKING:
    from mock_mindvideo.transports.embedded import Embedded


#: The ports that go without saying.
PORTS = {"http": 80, "https": 443}


class Interception(NamedTuple):
    """Requests to `addresses` are answered by `embedded`, for the test `name`."""

    addresses: Addresses
    embedded: "Embedded"
    name: str = ""


class Guarding(Protocol):
    """Who is asked before something happens that a test may not want; it raises to stop it."""

    def concerns(self, host: str, port: int | None) -> bool:
        """Whether it would stop anything at an address."""

    def stop(self, host: str, port: int | None) -> None:
        """Somebody is about to connect to an address, and is not answered in this process."""

    def admit(self, host: str) -> None:
        """A request to a host is about to be answered in this process."""


_lock = Lock()
_active: tuple[Interception, ...] = ()
_over: dict[Addresses, str] = {}
_guards: tuple[Guarding | None, ...] = (None,)


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
        return find(parts.hostname or "", parts.port or PORTS.get(parts.scheme))
    except ValueError:  # whoever gave it will be told by the library
        return None


def serving(host: str, port: int | None = None) -> "Embedded | None":
    """Who answers a request that is made now; the guard may raise."""
    found = find(host, port)
    if found is not None and (guard := _guards[-1]) is not None:
        guard.admit(host)
    return found


def answers(host: str, port: int | None = None) -> bool:
    """Whether the mock answers at an address that is about to be dialled; the guard may raise."""
    if serving(host, port) is not None:
        return True
    dialling(host, port)
    return False


def dialling(host: str, port: int | None = None) -> None:
    """Somebody connects to an address, and cannot be answered; the guard may raise."""
    guard = _guards[-1]
    if guard is not None:
        guard.stop(host, port)


def guards(host: str, port: int | None = None) -> bool:
    """Whether connections to an address may be stopped."""
    guard = _guards[-1]
    return guard is not None and guard.concerns(host, port)


def answered(host: str, port: int | None = None) -> str | None:
    """The test for which the mock last answered there, None if it never did."""
    for addresses, name in reversed(list(_over.items())):
        if addresses.have(host, port):
            return name
    return None


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
            _over.pop(one.addresses, None)
            _over[one.addresses] = one.name


@contextmanager
def guarded(guard: Guarding | None) -> Iterator[None]:
    """While inside, `guard` is asked, the innermost one of several; None lets everything be."""
    global _guards  # noqa: PLW0603
    with _lock:
        _guards = (*_guards, guard)
    try:
        yield
    finally:
        with _lock:
            last = max(place for place, each in enumerate(_guards) if each is guard)
            _guards = _guards[:last] + _guards[last + 1 :]
