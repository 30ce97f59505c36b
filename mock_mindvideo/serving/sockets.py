"""The socket that a server listens on, and its address."""

import socket
from ipaddress import ip_address

#: Connections that the kernel may hold until they are accepted.
BACKLOG = 2048


class ServerError(Exception):
    """The server cannot start: which address, and why."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens; raises ServerError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise ServerError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; try --port 0"
        ) from None
    listening.set_inheritable(True)
    return listening


def url_of(listening: socket.socket) -> str:
    """Where a client on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
