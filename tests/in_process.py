"""A client of an application in this process, over the mock's own transport.

A request takes a twentieth of what it takes through Starlette's `TestClient`, which starts an
event loop in a thread for each. For tests that send thousands, and are not about ASGI.
"""

import httpx2

from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.http_clients import send
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web.app import App

BASE_URL = "http://127.0.0.1:8080"


class _Transport(httpx2.BaseTransport):
    def __init__(self, app: App) -> None:
        self._embedded = Embedded(app, Patience(app.worlds.open("default")))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response: httpx2.Response = send(self._embedded, request)
        return response


def client_in_process(app: App, key: str) -> httpx2.Client:
    """A client with an API key; whatever the control plane asks for comes from this machine."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx2.Client(transport=_Transport(app), base_url=BASE_URL, headers=headers)
