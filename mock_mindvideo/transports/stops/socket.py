"""socket, and so whatever connects in Python: names are looked up, and addresses connected to.

`connect` is given names as well, which C would look up before anybody else hears of them.
"""

import _socket
from typing import Any

from mock_mindvideo.transports.answering import PORTS, dialling
from mock_mindvideo.transports.seams.patches import Patches

#: What looks names up. `socket.getaddrinfo` calls that of `_socket`.
LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")


def patch(socket: Any, patches: Patches) -> None:
    """Ask before a name is looked up, and before a socket connects."""
    for name in LOOK_UPS:
        patches.put(_socket, name, _looking_up)
        if name != "getaddrinfo":
            patches.put(socket, name, _looking_up)
    for name in ("connect", "connect_ex"):
        patches.put(socket.socket, name, _connecting)


def _looking_up(original: Any) -> Any:
    def look_up(host: Any, *rest: Any, **options: Any) -> Any:
        port = rest[0] if rest else options.get("port")
        ask(host, port)
        return original(host, *rest, **options)

    return look_up


def _connecting(original: Any) -> Any:
    def connect(self: Any, address: Any) -> Any:
        if isinstance(address, tuple) and len(address) > 1:
            ask(address[0], address[1])
        return original(self, address)

    return connect


def ask(host: Any, port: Any) -> None:
    """Ask about a host and a port as libraries take them."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if isinstance(host, str):
        dialling(host, port if isinstance(port, int) else _port(port))


def _port(port: Any) -> int | None:
    text = port.decode("ascii", "replace") if isinstance(port, bytes) else str(port)
    return int(text) if text.isdecimal() else PORTS.get(text)
