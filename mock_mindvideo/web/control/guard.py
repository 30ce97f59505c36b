"""Who may drive the control plane: this machine, and pages that it serves itself.

A page on the web must not be able to reach it through a developer's browser: a foreign `Origin`
is refused always, a foreign `Host` too, so that DNS rebinding leads nowhere.
"""

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_mindvideo.domain.errors import Forbidden
from mock_mindvideo.web.answers import Answer
from mock_mindvideo.web.cors import is_preflight, preflight
from mock_mindvideo.web.headers import host_name, is_loopback

TOKEN_HEADER = "x-mock-admin-token"  # noqa: S105 - the header's name

_METHODS = "GET, POST, PATCH, DELETE"


class Guard:
    """Lets a request pass to `app`, or refuses it with 403 `forbidden`."""

    def __init__(self, app: ASGIApp, token: str | None = None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        self._check(headers, scope.get("client"))
        if is_preflight(scope):
            await Answer(204, headers=preflight(scope, _METHODS)).send(send)
        else:
            await self._app(scope, receive, send)

    def _check(self, headers: Headers, client: tuple[str, int] | None) -> None:
        origin = headers.get("origin")
        if origin is not None and not is_loopback(host_name(origin)):
            raise Forbidden(
                f"the control plane is closed to the origin {origin[:200]!r}:"
                " only pages served from this machine may use it"
            )
        if self._has_token(headers):
            return
        if client is not None and not is_loopback(client[0]):
            raise Forbidden(
                f"the control plane is closed to the remote address {client[0]}:"
                " start the server with --admin-token and send it as X-Mock-Admin-Token"
            )
        self._check_proxy(headers)
        host = headers.get("host", "localhost")
        if not is_loopback(host_name(host)):
            raise Forbidden(
                f"the control plane is closed under the name {host[:200]!r}: use 127.0.0.1 or"
                " localhost, or --admin-token with X-Mock-Admin-Token"
            )

    @staticmethod
    def _check_proxy(headers: Headers) -> None:
        """A proxy on this machine passes remote callers on; what it says of them is believed."""
        named = map(str.strip, headers.get("x-forwarded-for", "").split(","))
        remote = next((each for each in named if each and not is_loopback(each)), "")
        if remote or "forwarded" in headers:
            raise Forbidden(
                f"the control plane is closed to callers behind a proxy ({remote[:50]}):"
                " start the server with --admin-token and send it as X-Mock-Admin-Token"
            )

    def _has_token(self, headers: Headers) -> bool:
        sent = headers.get(TOKEN_HEADER)
        if self._token is None or sent is None:
            return False
        return hmac.compare_digest(sent.encode(), self._token.encode())
