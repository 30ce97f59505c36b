"""aiohttp: `_create_connection` of its connectors, which makes what the pool above it keeps.

`connect`, which gives a connection to a request, tells the limits of time; the reader of a body
tells when the client waits for more.
"""

from types import ModuleType
from typing import Any

from mock_mindvideo.fences.aiohttp import CONNECTORS, can_be_patched, idle_for, payload_of
from mock_mindvideo.transports.answering import answers, find, guards
from mock_mindvideo.transports.seams.patches import Patches


def patch(library: ModuleType, patches: Patches) -> None:
    """Let connectors of `library` lead to the mock."""
    if not can_be_patched(library):
        return
    for connector in CONNECTORS:
        patches.put(getattr(library, connector), "_create_connection", _creating)
    patches.put(library.BaseConnector, "connect", _connecting)
    patches.put(library.StreamReader, "_wait", _waiting)


def _creating(original: Any) -> Any:
    async def _create_connection(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
        if not answers(req.url.raw_host or "", req.url.port):
            return await original(self, req, traces, timeout)
        protocol = self._factory()
        _lead_to_mock(protocol, self._loop, req.url)
        return protocol

    return _create_connection


def _lead_to_mock(protocol: Any, loop: Any, url: Any) -> None:
    import aiohttp  # noqa: PLC0415 - it is being patched, so it is there

    from mock_mindvideo.transports.line import Line  # noqa: PLC0415 - only who uses it pays
    from mock_mindvideo.transports.loops import MockTransport  # noqa: PLC0415

    def failed(problem: BaseException) -> None:
        protocol.set_exception(problem)
        payload = payload_of(protocol)
        if payload is not None:
            payload.set_exception(problem)

    def time_up(reading: bool) -> None:
        words = "Timeout on reading data from socket"
        failed(aiohttp.SocketTimeoutError(words) if reading else TimeoutError())

    line = Line(url.raw_host, url.port, url.scheme)
    peer = (url.raw_host, url.port)
    MockTransport(loop, protocol, line, peer, time_up=time_up, failed=failed)


def _connecting(original: Any) -> Any:
    async def connect(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
        address = req.url.raw_host or "", req.url.port
        if find(*address) is not None or guards(*address):
            for protocol in idle_for(self, req):
                if not hasattr(protocol.transport, "limits"):
                    protocol.close()  # it was opened before there was a fixture, or a guard
        connection = await original(self, req, traces, timeout)
        if hasattr(connection.transport, "limits"):
            from mock_mindvideo.transports.loops import Limits  # noqa: PLC0415

            connection.transport.limits = Limits(timeout.total, timeout.sock_read)
        return connection

    return connect


def _waiting(original: Any) -> Any:
    async def _wait(self: Any, func_name: str) -> None:
        wanted = getattr(getattr(self._protocol, "transport", None), "read_wanted", None)
        if wanted is not None:
            wanted()
        await original(self, func_name)

    return _wait
