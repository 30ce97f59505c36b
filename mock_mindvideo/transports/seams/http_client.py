"""http.client, and so urllib.request, urllib3, requests, httplib2 and whoever else builds on it.

Met at `HTTPConnection.connect`, which every subclass that dials in a way of its own overrides; and
at `putrequest`, so that a connection which is kept alive always leads where it should.
"""

from functools import wraps
from http.client import HTTPConnection
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from mock_mindvideo.transports.answering import answers, dialling, find
from mock_mindvideo.transports.seams.patches import Patches

HostAndPort = tuple[str, int | None]


def patch(library: ModuleType, patches: Patches) -> None:
    """Let connections of `library` lead to the mock, those of subclasses to come as well."""
    base = library.HTTPConnection
    patches.put(base, "putrequest", _putting)
    patches.put_in_family(base, "connect", _connecting)
    patches.put(base, "__init_subclass__", lambda _: _subclassing(base, patches))


def _subclassing(base: Any, patches: Patches) -> Any:
    def subclass(cls: Any, /, **options: Any) -> None:
        super(base, cls).__init_subclass__(**options)
        if "connect" in vars(cls):
            patches.put(cls, "connect", _connecting)

    return classmethod(subclass)


def _connecting(original: Any) -> Any:
    @wraps(original)
    def connect(self: Any) -> Any:
        if answers(*_address(self)):
            return _open(self, _address(self))
        return original(self)

    return connect


def _putting(original: Any) -> Any:
    @wraps(original)
    def putrequest(self: Any, method: str, url: str, *rest: Any, **options: Any) -> Any:
        address = _address(self, url)
        mocked = find(*address) is not None
        if self.sock is not None and not mocked and not _is_mocked(self.sock):
            dialling(*address)  # it was opened before there was a guard
        if self.sock is not None and mocked != _is_mocked(self.sock):
            # It was opened before, or for another host behind the same proxy. Only the socket is
            # closed: urllib3's own `close` forgets the request that is being made as well.
            HTTPConnection.close(self)
        if mocked and self.sock is None:
            _open(self, address)
        return original(self, method, url, *rest, **options)

    return putrequest


def _address(connection: Any, url: str = "") -> HostAndPort:
    """Where a request goes in the end, behind whatever proxy."""
    if getattr(connection, "_tunnel_host", None):
        return connection._tunnel_host, connection._tunnel_port
    if url.startswith(("http://", "https://")):
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    return connection.host, connection.port


def _open(connection: Any, address: HostAndPort) -> None:
    """What `connect` leaves behind, without dialling."""
    from mock_mindvideo.transports.sockets import MockSocket  # noqa: PLC0415 - only who uses it pays

    scheme = "https" if connection.default_port == 443 else "http"
    timeout = connection.timeout
    connection.sock = MockSocket(
        *address, scheme, timeout if isinstance(timeout, int | float) else None
    )
    if hasattr(connection, "is_verified"):  # urllib3 warns of those that are not
        connection.is_verified = not _unverified(connection)


def _unverified(connection: Any) -> bool:
    return getattr(connection, "cert_reqs", None) in (0, "CERT_NONE")


def _is_mocked(sock: Any) -> bool:
    return type(sock).__name__ == "MockSocket"
