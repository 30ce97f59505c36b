"""Transports for clients built by hand, and a route for a suite that owns a respx router."""

from typing import Any

import httpx

from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.http_clients import send, send_async

__tracebackhide__ = hidden
__unittest = True


class SyncTransport(httpx.BaseTransport):
    """`httpx.Client(transport=…)`, and the same of httpx2; answers for any host."""

    def __init__(self, embedded: Embedded) -> None:
        self._embedded = embedded

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer; raises as a connection would."""
        response: httpx.Response = send(self._embedded, request)
        return response


class AsyncTransport(httpx.AsyncBaseTransport):
    """`httpx.AsyncClient(transport=…)`, and the same of httpx2; answers for any host."""

    def __init__(self, embedded: Embedded) -> None:
        self._embedded = embedded

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer; raises as a connection would."""
        response: httpx.Response = await send_async(self._embedded, request)
        return response


def mount(router: Any, embedded: Embedded, hosts: tuple[str, ...]) -> Any:
    """Answer the router's requests to `hosts`; returns the respx routes, which count calls."""

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(request.stream, httpx.SyncByteStream):
            return send(embedded, request)  # type: ignore[no-any-return]
        return send_async(embedded, request)  # type: ignore[return-value]

    return [router.route(host=host).mock(side_effect=answer) for host in hosts]
