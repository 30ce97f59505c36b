"""respx: a request that no route matches passes through."""

from typing import Any

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.seams.patches import Patches


def patch(respx: Any, patches: Patches) -> None:
    """Let what the mock answers pass."""
    if can_be_patched(respx):
        patches.put(respx.mocks.Mocker, "handler", lambda original: _handler(original, respx))
        patches.put(
            respx.mocks.Mocker, "async_handler", lambda original: _async_handler(original, respx)
        )


def _handler(original: Any, respx: Any) -> Any:
    def handler(cls: Any, httpx_request: Any) -> Any:
        try:
            return original.__func__(cls, httpx_request)
        except respx.models.AllMockedAssertionError as unknown:
            raise _instead(unknown, httpx_request, respx) from None

    return classmethod(handler)


def _async_handler(original: Any, respx: Any) -> Any:
    async def async_handler(cls: Any, httpx_request: Any) -> Any:
        try:
            return await original.__func__(cls, httpx_request)
        except respx.models.AllMockedAssertionError as unknown:
            raise _instead(unknown, httpx_request, respx) from None

    return classmethod(async_handler)


def _instead(unknown: Exception, request: Any, respx: Any) -> Exception:
    if find_url(str(request.url)) is None:
        return unknown
    passing: Exception = respx.models.PassThrough(str(unknown), request=request, origin=None)
    return passing
