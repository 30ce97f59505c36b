"""The mock in this process as a transport for contracts: no socket, no server, no waiting."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.app import App
from mock_mindvideo.web.scope import scope_of

#: What the in-process mock is called in reports and links.
BASE_URL = "http://127.0.0.1:8080"

#: The address of its client.
CLIENT = ("127.0.0.1", 50000)


class InProcess:
    """Runs one application in a loop of its own; not for use inside a running loop."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """The answer; see `contract.exchange.Transport.send`."""
        return self._runner.run(self._send(request, timeout))

    def close(self) -> None:
        """End the loop and close the store."""
        self._runner.close()
        self.app.store.close()

    async def _send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        told: list[dict[str, Any]] = []
        asked = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if asked.is_set():
                await asyncio.Event().wait()  # a client that stays until it has its answer
            asked.set()
            return {"type": "http.request", "body": request.body or b"", "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        complete = True
        try:
            async with asyncio.timeout(timeout):
                await self.app(_scope(request), receive, send)
        except TimeoutError:
            complete = False
        return _response(told, complete)


def _scope(request: HttpRequest) -> Scope:
    parts = urlsplit(request.url)
    headers = {"host": parts.netloc, **request.headers}
    if request.body is not None:
        headers["content-length"] = str(len(request.body))
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    target = f"{parts.path}?{parts.query}".encode()
    server = parts.hostname or "", parts.port or 80
    return scope_of(
        request.method, target, lines, scheme=parts.scheme, client=CLIENT, server=server
    )


def _response(told: list[dict[str, Any]], complete: bool) -> HttpResponse:
    head: dict[str, Any] = told[0] if told else {"status": 0, "headers": []}
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head["headers"]
    }
    body = b"".join(message.get("body", b"") for message in told[1:])
    return HttpResponse(head["status"], headers, body, complete)
