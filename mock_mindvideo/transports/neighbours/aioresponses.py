"""aioresponses: a request that nothing matches goes on, where the mock answers it."""

from typing import Any

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.neighbours.unmatched import Unmatched
from mock_mindvideo.transports.seams.patches import Patches


def patch(aioresponses: Any, patches: Patches) -> None:
    """Let what the mock answers pass."""
    if can_be_patched(aioresponses):
        patches.put(aioresponses.core.aioresponses, "match", _match)
        patches.put(aioresponses.core.aioresponses, "_request_mock", _request)


def _match(original: Any) -> Any:
    async def match(self: Any, method: str, url: Any, *rest: Any, **options: Any) -> Any:
        response = await original(self, method, url, *rest, **options)
        if response is None and find_url(str(url)) is not None:
            raise Unmatched
        return response

    return match


def _request(original: Any) -> Any:
    async def _request_mock(
        self: Any, session: Any, method: str, url: Any, *rest: Any, **options: Any
    ) -> Any:
        try:
            return await original(self, session, method, url, *rest, **options)
        except Unmatched:
            return await self.patcher.temp_original(session, method, url, *rest, **options)

    return _request_mock
