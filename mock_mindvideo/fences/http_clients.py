"""Where httpx and httpx2 are patched, as read in httpx 0.28 and httpx2 2.0 to 2.16.

Both document these methods for those who write a transport, not for those who replace one. Where
they are gone, clients are not intercepted; they can be given the mock's transport.
"""

from types import ModuleType

from mock_mindvideo.fences.fence import Gone, look_for, warn

READ_IN = {"httpx": "0.28", "httpx2": "2.0 to 2.16"}

#: The classes whose methods send what a client sends.
METHODS = {"HTTPTransport": "handle_request", "AsyncHTTPTransport": "handle_async_request"}


def can_be_patched(library: ModuleType) -> bool:
    """Whether the library's own clients can be intercepted."""
    name = library.__name__
    try:
        look_for(library, *METHODS, of=name)
        for kind, method in METHODS.items():
            look_for(getattr(library, kind), method, of=f"{name}.{kind}")
    except Gone as gone:
        warn(name, READ_IN[name], str(gone), "pass mindvideo.transport to its clients")
        return False
    return True
