"""pytest-httpx: a request that no response was registered for is answered by the mock."""

from typing import Any

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.neighbours.unmatched import Unmatched
from mock_mindvideo.transports.seams.patches import Patches


def patch(pytest_httpx: Any, patches: Patches) -> None:
    """Let the mock answer what would be refused."""
    if can_be_patched(pytest_httpx):
        owner = pytest_httpx.HTTPXMock
        patches.put(owner, "_request_not_matched", _not_matched)
        patches.put(owner, "_handle_request", _handle)
        patches.put(owner, "_handle_async_request", _handle_async)


def _not_matched(original: Any) -> Any:
    def _request_not_matched(self: Any, real_transport: Any, request: Any) -> Any:
        if find_url(str(request.url)) is not None:
            self._requests.remove((real_transport, request))
            raise Unmatched
        return original(self, real_transport, request)

    return _request_not_matched


def _handle(original: Any) -> Any:
    def _handle_request(self: Any, real_transport: Any, request: Any) -> Any:
        from mock_mindvideo.transports.http_clients import send  # noqa: PLC0415 - heavy

        try:
            return original(self, real_transport, request)
        except Unmatched:
            return send(_answering(request), request)

    return _handle_request


def _handle_async(original: Any) -> Any:
    async def _handle_async_request(self: Any, real_transport: Any, request: Any) -> Any:
        from mock_mindvideo.transports.http_clients import send_async  # noqa: PLC0415 - heavy

        try:
            return await original(self, real_transport, request)
        except Unmatched:
            return await send_async(_answering(request), request)

    return _handle_async_request


def _answering(request: Any) -> Any:
    return find_url(str(request.url))
