"""Who may drive the control plane: this machine, and pages that it serves itself.

A page on the web must not be able to reach it through a developer's browser: a foreign `Origin`
is refused unless it was allowed, a foreign `Host` too, so that DNS rebinding leads nowhere.
"""

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_mindvideo.domain.errors import Forbidden
from mock_mindvideo.domain.hosts import Origins, is_own_address, read_host
from mock_mindvideo.web.answers import Answer
from mock_mindvideo.web.control.callers import remote_caller
from mock_mindvideo.web.control.namespaces import Namespaces
from mock_mindvideo.web.cors import is_preflight, preflight

TOKEN_HEADER = "x-mock-admin-token"  # noqa: S105 - the header's name

_METHODS = "GET, POST, PATCH, DELETE"


class Guard:
    """Lets a request pass to `app`, or refuses it with 403 `forbidden`.

    `origins` are the pages that may come, `token` is what lets a remote caller in, `namespaces` are
    the tokens that do so for some worlds.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Origins,
        token: str | None = None,
        namespaces: Namespaces | None = None,
    ) -> None:
        self._app = app
        self._origins = origins
        self._token = token
        self._namespaces = namespaces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not self._in_namespace(scope, headers):
            self._check(headers, scope.get("client"))
        if is_preflight(scope):
            await Answer(204, headers=preflight(scope, _METHODS)).send(send)
        else:
            await self._app(scope, receive, send)

    def _in_namespace(self, scope: Scope, headers: Headers) -> bool:
        """Whether a token for some worlds lets the request pass; raises Forbidden for others."""
        sent = headers.get(TOKEN_HEADER)
        if self._namespaces is None or sent is None:
            return False
        prefix = self._namespaces.beginning(sent)
        if prefix is None:
            return False
        self._check_origin(headers)
        self._namespaces.enter(scope, prefix, headers.get("authorization"))
        return True

    def _check(self, headers: Headers, client: tuple[str, int] | None) -> None:
        self._check_origin(headers)
        if self._has_token(headers):
            return
        if client is not None and not is_own_address(client[0]):
            raise _closed(f"to the remote address {client[0]}")
        if (said := remote_caller(headers)) is not None:
            raise _closed(f"to callers behind a proxy ({said})")
        for sent in headers.getlist("host"):
            host = read_host(sent)
            if host is None or not host.own:
                raise Forbidden(
                    f"the control plane is closed under the name {sent[:200]!r}: use 127.0.0.1 or"
                    " localhost, or --admin-token with X-Mock-Admin-Token"
                )

    def _check_origin(self, headers: Headers) -> None:
        for origin in headers.getlist("origin"):
            if not self._origins.trusts(origin):
                raise Forbidden(
                    f"the control plane is closed to the origin {origin[:200]!r}: only pages served"
                    " from this machine may use it, and those that --allow-origin names"
                )

    def _has_token(self, headers: Headers) -> bool:
        sent = headers.get(TOKEN_HEADER)
        if self._token is None or sent is None:
            return False
        return hmac.compare_digest(sent.encode(), self._token.encode())


def _closed(to: str) -> Forbidden:
    return Forbidden(
        f"the control plane is closed {to}:"
        " start the server with --admin-token and send it as X-Mock-Admin-Token"
    )
