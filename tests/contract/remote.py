"""The mock posing as the remote service: health hidden, or behind a plain proxy."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

from mock_mindvideo import MockServer, Settings


class Remote:
    """A server whose journal tells what arrived. `url` is where the front listens."""

    def __init__(self, server: MockServer, front: ThreadingHTTPServer) -> None:
        self._server = server
        self.port = front.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.arrived: list[tuple[str, str, bytes]] = front.arrived  # type: ignore[attr-defined]

    def ledger(self) -> Any:
        return httpx2.get(f"{self._server.url}/_mock/ledger").json()

    def billable(self) -> list[str]:
        """Every submit for a real model with the documentation's key, taken or refused."""
        journal = httpx2.get(f"{self._server.url}/_mock/requests?limit=10000").json()["requests"]
        return [
            each["body"] or "empty"
            for each in journal
            if each["method"] == "POST" and "no-such-model" not in each["body"]
            if each["status"] not in (400, 415)
        ]


@contextmanager
def remote(*, drop_after: int | None = None, **settings: Any) -> Iterator[Remote]:
    """The mock behind a front that hides everything under `/_mock/`.

    After `drop_after` requests, every connection is dropped without an answer.
    """
    given = {"port": 0, "progress": "polls", "log_level": "critical"} | settings
    with MockServer(Settings(**given)) as server:
        front = ThreadingHTTPServer(("127.0.0.1", 0), _front(server.url, drop_after))
        front.arrived = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=front.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield Remote(server, front)
        finally:
            front.shutdown()
            front.server_close()
            thread.join()


def _front(url: str, drop_after: int | None) -> type[BaseHTTPRequestHandler]:
    host = url.removeprefix("http://")

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path = "/" + self.path.split("/", 3)[3] if "://" in self.path else self.path
            arrived = self.server.arrived  # type: ignore[attr-defined]
            arrived.append((self.command, path, body))
            if drop_after is not None and len(arrived) > drop_after:
                self.close_connection = True
                return
            if path.startswith("/_mock/"):
                self.answer(404, [("Content-Type", "text/html")], b"<h1>nothing here</h1>")
                return
            if path == "/redirect-me":
                self.answer(307, [("Location", "/api/v1/tasks")], b"")
                return
            inner = http.client.HTTPConnection(host, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name != "Host"}
            inner.request(self.command, path, body or None, headers)
            got = inner.getresponse()
            self.answer(got.status, got.getheaders(), got.read())
            inner.close()

        def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the journal tells."""

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = pass_on  # noqa: N815

    return Front
