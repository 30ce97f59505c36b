"""VCR.py: what the mock answers is neither recorded in a cassette nor missed there."""

from contextvars import ContextVar
from typing import Any

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.seams.patches import Patches

#: Whether a cassette is being read, by the same method that records.
_loading = ContextVar("_loading", default=False)


def patch(vcr: Any, patches: Patches) -> None:
    """Let cassettes ignore the mock's hosts, as they do those of `ignore_hosts`."""
    if can_be_patched(vcr):
        patches.put(vcr.cassette.Cassette, "filter_request", _filter)
        patches.put(vcr.cassette.Cassette, "append", _append)
        patches.put(vcr.cassette.Cassette, "_load", _load)


def _filter(original: Any) -> Any:
    def filter_request(self: Any, request: Any) -> Any:
        return original(self, request) if find_url(request.uri) is None else None

    return filter_request


def _append(original: Any) -> Any:
    def append(self: Any, request: Any, response: Any) -> None:
        if _loading.get() or find_url(request.uri) is None:
            original(self, request, response)

    return append


def _load(original: Any) -> Any:
    def load(self: Any) -> None:
        token = _loading.set(True)
        try:
            original(self)
        finally:
            _loading.reset(token)

    return load
