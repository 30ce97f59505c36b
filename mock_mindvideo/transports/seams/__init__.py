"""Where each library is met: its lowest layer that still knows the host it would connect to.

Retries, pools, redirects, hooks, instrumentation and other mocks lie above, so they work as ever.
A library is touched once the suite has imported it, and left as it was at the end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from types import ModuleType

from mock_mindvideo.system.imports import ImportWatch
from mock_mindvideo.system.loading import loading
from mock_mindvideo.transports.seams.patches import Patches

#: The module that is waited for, and the one here or beside that patches it with its `patch`.
TABLE = {
    "aiohttp": "seams.aiohttp",
    "curl_cffi": "stops.curl_cffi",
    "grpc": "stops.grpc",
    "http.client": "seams.http_client",
    "httpcore": "seams.httpcore",
    "httpcore2": "seams.httpcore",
    "primp": "stops.rust",
    "pycurl": "stops.pycurl",
    "pyreqwest.request": "stops.rust",
    "pyreqwest.simple.request": "stops.rust",
    "pyreqwest.simple.sync_request": "stops.rust",
    "socket": "stops.socket",
    "uvloop": "stops.uvloop",
    **{
        tool: f"neighbours.{tool}"
        for tool in ("aioresponses", "pytest_httpx", "requests_mock", "responses", "respx", "vcr")
    },
}

_lock = RLock()
_users = 0
_patches = Patches()


@contextmanager
def installed() -> Iterator[None]:
    """While anybody is inside, every library that is imported is patched."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _users  # noqa: PLW0603 - the libraries that are patched are global as well
    with _lock:
        _users += 1
        if _users == 1:
            _watch.start()


def _leave() -> None:
    global _users  # noqa: PLW0603
    with _lock:
        _users -= 1
        if not _users:
            _watch.stop()
            _patches.undo()


def _imported(library: ModuleType) -> None:
    with loading():
        seam = import_module(f"mock_mindvideo.transports.{TABLE[library.__name__]}")
    with _lock:
        seam.patch(library, _patches)


_watch = ImportWatch(TABLE, _imported)
