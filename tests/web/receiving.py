"""A receiver of webhooks, and a dialect that sends them there."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

from tests.platform.dialects import with_patch

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Delivery(NamedTuple):
    """A webhook as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def task_id(self) -> str:
        return str(json.loads(self.body)["task_id"])


class Receiver:
    """A server that takes webhooks, or refuses as many as it is told to.

    `poll` are the seconds between two looks whether it shall end.
    """

    def __init__(self, poll: float = 0.01) -> None:
        self.got: list[Delivery] = []
        self.statuses: list[int] = []
        self.came = Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Delivery(headers, body))
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                self.send_response(status)
                if status in (301, 307):
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver.came.set()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": poll}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks?a=1"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def hooked(tmp_path: Path, url: str, **changes: Any) -> Path:
    """A folder of schemas that has webhooks on."""
    patch = {"on": True, "url": url, "secret": SECRET, "retries": [5, 60], **changes}
    return with_patch({"extensions": {"webhooks": patch}}, tmp_path)
