"""Where aiohttp's client is patched, as read in aiohttp 3.11 to 3.14.

`connect` of a connector is documented, not how it makes a connection, nor how the reader of a body
waits for more. Where that is gone, its clients are not intercepted.
"""

from types import ModuleType
from typing import Any

from mock_mindvideo.fences.fence import Gone, look_for, warn

READ_IN = "3.11 to 3.14"

#: The connectors that lead to a host; that of named pipes is Windows' own.
CONNECTORS = ("TCPConnector", "UnixConnector")

#: The members that are needed of each class.
NAMES = {
    **dict.fromkeys(CONNECTORS, "_create_connection"),
    "BaseConnector": "connect",
    "StreamReader": "_wait",
}


def can_be_patched(library: ModuleType) -> bool:
    """Whether the library's connectors can be made to answer."""
    try:
        look_for(library, *NAMES, "SocketTimeoutError", of="aiohttp")
        for kind, name in NAMES.items():
            look_for(getattr(library, kind), name, of=f"aiohttp.{kind}")
    except Gone as gone:
        warn("aiohttp", READ_IN, str(gone), "use mindvideo_live for its clients")
        return False
    return True


def payload_of(protocol: Any) -> Any:
    """The body that is being read on a connection, None if there is none, or it is not shown."""
    return getattr(protocol, "_payload", None)


def idle_for(connector: Any, request: Any) -> list[Any]:
    """The connections that are kept for a request's host; none where they are not shown."""
    kept = getattr(connector, "_conns", {}).get(getattr(request, "connection_key", None), ())
    return [protocol for protocol, *_ in kept]
