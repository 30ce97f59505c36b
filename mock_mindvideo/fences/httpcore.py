"""Where httpcore and httpcore2 are patched, as read in httpcore 1.0 and httpcore2 2.0 to 2.16.

Both document pools and the interface of connections, not how a pool makes one. Where that is gone,
clients are not intercepted; those of httpx can be given the mock's transport.
"""

from types import ModuleType
from typing import Any

from mock_mindvideo.fences.fence import Gone, look_for, warn

READ_IN = {"httpcore": "1.0", "httpcore2": "2.0 to 2.16"}

#: The classes that make connections, sync and async.
POOLS = ("ConnectionPool", "AsyncConnectionPool")

#: What all connections are.
INTERFACES = ("ConnectionInterface", "AsyncConnectionInterface")

NAMES = (*POOLS, *INTERFACES, "ConnectionNotAvailable")


def can_be_patched(library: ModuleType) -> bool:
    """Whether the library's pools can be made to answer."""
    name = library.__name__
    try:
        look_for(library, *NAMES, of=name)
        for pool in POOLS:
            look_for(getattr(library, pool), "create_connection", of=f"{name}.{pool}")
    except Gone as gone:
        warn(name, READ_IN[name], str(gone), "pass mindvideo.transport to the clients of httpx")
        return False
    return True


def is_double(pool: Any) -> bool:
    """Whether the pool was given a network of a test's own, which the library has for that."""
    backend = type(getattr(pool, "_network_backend", None)).__name__
    return backend in ("MockBackend", "AsyncMockBackend")
