"""A real server on this machine, which keeps its connections."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PATH = "/api/v1/tasks/task_x"


class Teapot(BaseHTTPRequestHandler):
    """A real server, which keeps connections and counts them."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_GET(self) -> None:
        self.send_response(418)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def real() -> Iterator[str]:
    """The address of a real server."""
    Teapot.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Teapot) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
