"""The control plane as the handle uses it: the same requests, in process or over HTTP."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from mock_mindvideo.domain.keys import DEFAULT_WORLD
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.embedded import Embedded, embedded_scope
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web.app import App

__tracebackhide__ = hidden
__unittest = True


if TYPE_CHECKING:
    from urllib.request import OpenerDirector


class ControlError(Exception):
    """The control plane refused; the message is its own."""


class Control(Protocol):
    """Acts on one world, that of its key."""

    key: str

    @property
    def app(self) -> App | None:
        """The application itself, where it is one of this process."""

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The JSON answer to a request under `/_mock`; raises ControlError."""


class EmbeddedControl:
    """The control plane of an application in this process."""

    def __init__(self, app: App, key: str, host: str = "localhost") -> None:
        self._embedded = Embedded(app, Patience(app.worlds.open(DEFAULT_WORLD)))
        self._host = host
        self.key = key

    @property
    def app(self) -> App:
        return self._embedded.app

    def call(self, method: str, path: str, body: object = None) -> Any:
        headers = [
            (b"host", self._host.encode()),
            (b"authorization", PLATFORM.keys.authorization(self.key).encode()),
            (b"content-type", b"application/json"),
        ]
        full = f"/_mock{path}"
        scope = embedded_scope(method, full.encode(), headers, "http")
        sent = b"" if body is None else orjson.dumps(body)
        answer = self._embedded.begin(self._embedded.run(scope, sent), None)
        if self.app.webhooks is not None:  # what was moved is told before the test goes on
            self.app.webhooks.settle()
        return _read(answer.run.status, b"".join(answer) or answer.run.whole)


class HttpControl:
    """The control plane of a server, of this process or of another on the same machine."""

    app = None

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self.key = key

    def call(self, method: str, path: str, body: object = None) -> Any:
        import urllib.error  # noqa: PLC0415 - a world in this process has no need of them
        import urllib.request  # noqa: PLC0415

        request = urllib.request.Request(  # noqa: S310 - the URL of a server of our own
            f"{self._url}/_mock{path}",
            data=None if body is None else orjson.dumps(body),
            method=method,
            headers={
                "Authorization": PLATFORM.keys.authorization(self.key),
                "Content-Type": "application/json",
            },
        )
        try:
            with _opener().open(request, timeout=30) as response:
                return _read(response.status, response.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _read(refusal.code, refusal.read())


class NearControl:
    """The control plane of a server in this process; a forked child goes to it over HTTP."""

    def __init__(self, near: EmbeddedControl, far: Control) -> None:
        self._process = os.getpid()
        self._near = near
        self._far = far
        self.key = near.key

    @property
    def app(self) -> App | None:
        return self._mine.app

    def call(self, method: str, path: str, body: object = None) -> Any:
        return self._mine.call(method, path, body)

    @property
    def _mine(self) -> Control:
        return self._near if os.getpid() == self._process else self._far


@cache
def _opener() -> "OpenerDirector":
    """Never through a proxy: the server is on this machine."""
    from urllib.request import ProxyHandler, build_opener  # noqa: PLC0415

    return build_opener(ProxyHandler({}))


def _read(status: int, body: bytes) -> Any:
    value: Any = orjson.loads(body) if body else None
    if status >= 400:
        raise ControlError(value[PLATFORM.members.error]["message"])
    return value
