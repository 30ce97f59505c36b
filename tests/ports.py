"""Ports for programs that cannot choose one themselves and tell which."""

import random
import socket
from contextlib import suppress
from pathlib import Path

#: Not that of a test: Hypothesis has it draw the same for each.
_DRAWN = random.SystemRandom()


def free_port() -> int:
    """A free port that the system gives to nobody by itself, so that it stays free until used."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """So many of them, no two the same."""
    found: dict[int, None] = {}
    while len(found) < count:
        port = _DRAWN.randrange(_least() // 2, _least())
        with socket.socket() as probing, suppress(OSError):
            probing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probing.bind(("127.0.0.1", port))
            found[port] = None
    return list(found)


def _least() -> int:
    """The first of the ports that the system gives by itself."""
    file = Path("/proc/sys/net/ipv4/ip_local_port_range")
    return int(file.read_text().split()[0]) if file.exists() else 32768
