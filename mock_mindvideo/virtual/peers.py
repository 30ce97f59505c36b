"""Whether somebody outside this process may be about to answer."""

import os
import socket
import stat
from collections.abc import Iterator
from types import FrameType
from typing import Any

from mock_mindvideo.virtual.callers import PEERS, module_of

#: Where a process finds its open files.
_FILES = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"  # noqa: PTH112 - a constant

#: Parts of packages of PEERS that serve.
_SERVING = ("aiohttp.web", "http.server", "websockets.asyncio.server", "websockets.sync.server")


def asks_a_peer(frame: FrameType) -> bool:
    """Whether this code waits for the answer of a peer."""
    module = module_of(frame)
    package = module.partition(".")[0]
    return (package in PEERS or package == "urllib3") and not module.startswith(_SERVING)


def any_outside() -> bool:
    """Whether a socket of this process is connected to another one's."""
    own, peers = set[Any](), set[Any]()
    for one in _sockets():
        with one:
            own.add(_address(one.getsockname))
            peers.add(_address(one.getpeername))
    return bool(peers - own - {None})


def _sockets() -> Iterator[socket.socket]:
    """Each socket of this process, as another handle of it."""
    for name in os.listdir(_FILES):  # noqa: PTH208 - hot
        try:
            handle = os.dup(int(name))
        except OSError:  # closed meanwhile, the folder's own handle for one
            continue
        try:
            if not stat.S_ISSOCK(os.fstat(handle).st_mode):
                os.close(handle)
                continue
            yield socket.socket(fileno=handle)
        except OSError:
            os.close(handle)


def _address(ask: Any) -> Any:
    """A socket's address, None where it has none or is one of a nameless pair."""
    try:
        found = ask()
    except OSError:
        return None
    return (found[:2] if isinstance(found, tuple) else found) or None
