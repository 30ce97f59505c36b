"""Clients that are written in Rust, and connect without asking Python: primp and pyreqwest.

Their classes take other methods all the same. What is relative to an address that a client was made
with is known to the client only, so primp's is looked at with it.
"""

from typing import Any
from urllib.parse import urljoin

from mock_mindvideo.transports.seams.patches import MakeReplacement, Patches
from mock_mindvideo.transports.stops.urls import dialling_url

VERBS = ("delete", "get", "head", "options", "patch", "post", "put")


def patch(library: Any, patches: Patches) -> None:
    """Ask before each request of the library."""
    if library.__name__ == "primp":
        _patch_primp(library, patches)
    elif library.__name__ == "pyreqwest.request":
        _patch_requests(library, patches)
    else:
        for name in library.__all__:
            patches.put(library, name, _asking(name))


def _patch_primp(primp: Any, patches: Patches) -> None:
    for name in (*VERBS, "request"):
        patches.put(primp, name, _asking(name))
        for kind in (primp.Client, primp.AsyncClient):
            patches.put(kind, name, _asking_client(name))


def _patch_requests(requests: Any, patches: Patches) -> None:
    for kind, name in (
        (requests.ConsumedRequest, "send"),
        (requests.SyncConsumedRequest, "send"),
        (requests.StreamRequest, "__aenter__"),
        (requests.SyncStreamRequest, "__enter__"),
    ):
        patches.put(kind, name, _asking_request)


def _asking(name: str) -> MakeReplacement:
    def replace(original: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            dialling_url(_url(name, given, named))
            return original(*given, **named)

        return call

    return replace


def _asking_client(name: str) -> MakeReplacement:
    def replace(original: Any) -> Any:
        def method(self: Any, *given: Any, **named: Any) -> Any:
            dialling_url(urljoin(self.base_url or "", _url(name, given, named)))
            return original(self, *given, **named)

        return method

    return replace


def _asking_request(original: Any) -> Any:
    def method(self: Any, *given: Any, **named: Any) -> Any:
        dialling_url(str(self.url))
        return original(self, *given, **named)

    return method


def _url(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> str:
    """What a function was given for a URL; where it is told a method too, that goes before."""
    at = 1 if name.endswith("request") else 0
    return str(given[at] if len(given) > at else named.get("url", ""))
