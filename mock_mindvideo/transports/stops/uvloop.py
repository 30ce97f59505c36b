"""uvloop, which looks names up and connects in C."""

from typing import Any

from mock_mindvideo.transports.seams.patches import Patches
from mock_mindvideo.transports.stops.socket import ask


def patch(uvloop: Any, patches: Patches) -> None:
    """Ask before its loops look a name up or connect."""
    patches.put(uvloop.Loop, "getaddrinfo", _looking_up)
    patches.put(uvloop.Loop, "create_connection", _connecting)
    patches.put(uvloop.Loop, "sock_connect", _connecting_socket)


def _looking_up(original: Any) -> Any:
    def getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        ask(host, port)
        return original(self, host, port, **options)

    return getaddrinfo


def _connecting(original: Any) -> Any:
    def create_connection(
        self: Any, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        ask(host, port)
        return original(self, protocol_factory, host, port, **options)

    return create_connection


def _connecting_socket(original: Any) -> Any:
    def sock_connect(self: Any, sock: Any, address: Any) -> Any:
        if isinstance(address, tuple) and len(address) > 1:
            ask(address[0], address[1])
        return original(self, sock, address)

    return sock_connect
