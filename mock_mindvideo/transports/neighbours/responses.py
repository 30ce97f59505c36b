"""responses: the addresses that the mock answers for may pass, where no response is registered."""

from typing import Any
from urllib.parse import urlsplit

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.seams.patches import Patches


def patch(responses: Any, patches: Patches) -> None:
    """Let what the mock answers pass."""
    if can_be_patched(responses):
        patches.put(responses.RequestsMock, "_on_request", _on_request)


def _on_request(original: Any) -> Any:
    def replacement(self: Any, adapter: Any, request: Any, **options: Any) -> Any:
        if find_url(request.url) is not None:
            parts = urlsplit(request.url)
            origin = f"{parts.scheme}://{parts.netloc}"
            if origin not in self.passthru_prefixes:
                self.add_passthru(origin)
        return original(self, adapter, request, **options)

    return replacement
