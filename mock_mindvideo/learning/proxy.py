"""A local proxy in front of one host: what passes is written down, what could cost too much is not.

The only part of the package that passes requests on, and only to that host.
"""

import json
import time
from collections.abc import AsyncIterator, Callable

import httpx

from mock_mindvideo.contract.exchange import HttpRequest
from mock_mindvideo.learning.guarding import SpendGuard
from mock_mindvideo.learning.har import HarExchange, HarFile, HarMessage
from mock_mindvideo.web.answers import Receive, Scope, Send

#: Bytes of a request that are passed on, and of an answer that are kept.
MOST_BYTES = 16 * 1024 * 1024

#: Seconds without a byte after which an answer is given up; streams may be silent for long.
SILENCE = 120

#: Headers that are of one connection, or that the client in between writes itself.
_HOP = frozenset((
    "connection", "content-encoding", "content-length", "expect", "host", "keep-alive",
    "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
))  # fmt: skip

#: What a refusal of the proxy itself says beside its status.
REFUSED = "over_budget"


class RecordingProxy:
    """The ASGI application. `told` is called with a line about each request."""

    def __init__(
        self,
        base_url: str,
        client: httpx.AsyncClient,
        guard: SpendGuard,
        file: HarFile,
        told: Callable[[str], None],
    ) -> None:
        self._base = base_url
        self._client = client
        self._guard = guard
        self._file = file
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            await _say(send, 413, "too_large", f"a body may have {MOST_BYTES} bytes at most")
            return
        headers = [
            (name.decode("latin-1"), each.decode("latin-1")) for name, each in scope["headers"]
        ]
        request = HttpRequest(scope["method"], self._url(scope), dict(headers), body)
        refusal = self._guard.refuses(request)
        if refusal:
            self._told(f"{request.method} {scope['path']} was not sent: {refusal}")
            await _say(send, 403, REFUSED, f"not sent: {refusal}; see --max-spend")
            return
        await self._pass(request, tuple(headers), send)

    def _url(self, scope: Scope) -> str:
        """Where a request goes: always to the one host, whatever it says itself."""
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        return f"{self._base}{path}{f'?{query}' if query else ''}"

    async def _pass(
        self, request: HttpRequest, headers: tuple[tuple[str, str], ...], send: Send
    ) -> None:
        began, clock = time.time(), time.monotonic()
        sent = [(name, each) for name, each in headers if name not in _HOP]
        sent = [each for each in sent if each[0] != "accept-encoding"]
        sent.append(("accept-encoding", "identity"))
        kept, status, told = _KeptAnswer(), 0, tuple[tuple[str, str], ...]()
        try:
            async with self._client.stream(
                request.method, request.url, headers=sent, content=request.body
            ) as answer:
                status, told = answer.status_code, tuple(answer.headers.multi_items())
                await _start(send, status, told)
                await _relay(answer.aiter_bytes(), kept, send)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            kept.whole = False
            why = str(problem) or type(problem).__name__
            self._told(f"{request.method} {request.url}: {why}")
            if not status:
                await _say(send, 502, "unreachable", f"{self._base}: {why}")
                return
            raise
        finally:
            if status:
                self._file.add(HarExchange(
                    request.method, request.url, HarMessage(headers, request.body or b""), status,
                    HarMessage(told, bytes(kept.body)), began, time.monotonic() - clock, kept.whole,
                ))  # fmt: skip
        self._told(f"{request.method} {request.url} {status}")


class Lasting:
    """The proxy and the life of its connections: `began` is called when it listens."""

    def __init__(
        self, proxy: RecordingProxy, client: httpx.AsyncClient, began: Callable[[], None]
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._began = began

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._proxy(scope, receive, send)
            return
        while (event := (await receive())["type"]) == "lifespan.startup":
            self._began()
            await send({"type": "lifespan.startup.complete"})
        await self._client.aclose()
        await send({"type": event + ".complete"})


class _KeptAnswer:
    """As much of an answer as is written down."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.whole = True

    def add(self, chunk: bytes) -> None:
        """One more piece, if it still has room."""
        room = MOST_BYTES - len(self.body)
        self.whole = self.whole and len(chunk) <= room
        self.body += chunk[:room]


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None for one that is too long."""
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not event.get("more_body"):
            return bytes(body)


async def _start(send: Send, status: int, headers: tuple[tuple[str, str], ...]) -> None:
    lines = [(name.lower().encode(), each.encode("latin-1")) for name, each in headers]
    kept = [each for each in lines if each[0].decode() not in _HOP]
    await send({"type": "http.response.start", "status": status, "headers": kept})


async def _relay(chunks: AsyncIterator[bytes], kept: _KeptAnswer, send: Send) -> None:
    async for chunk in chunks:
        kept.add(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, status: int, code: str, message: str) -> None:
    """The proxy's own answer, which is in no recording."""
    body = json.dumps({"recorder": {"code": code, "message": message}}).encode()
    headers = (("content-type", "application/json"), ("x-mock-recorder", code))
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": body})
