"""A request's head as the scope of an ASGI application."""

import asyncio
from typing import Any
from urllib.parse import unquote

from mock_mindvideo.http1.reader import Head
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.asgi import ABORT, STARTED
from mock_mindvideo.web.scope import Address, scope_of
from mock_mindvideo.web.steps import Handling

#: What all have alike.
_COMMON = scope_of("GET", b"/", [])


class Scopes:
    """Makes the scopes of one connection's requests."""

    __slots__ = ("_abort", "_client", "_server")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._client = _address(transport.get_extra_info("peername"))
        self._server = _address(transport.get_extra_info("sockname"))
        self._abort = transport.abort

    def plain(self, head: Head) -> Scope:
        """The scope of a request whose target needs no decoding."""
        scope = dict(_COMMON)
        scope["method"] = head.method
        scope["raw_path"] = path = head.target[0]
        scope["path"] = path.decode("ascii")
        scope["headers"] = head.headers
        scope["client"] = self._client
        scope["server"] = self._server
        return scope

    def scope(self, head: Head) -> Scope:
        """The scope of any request."""
        scope = self.plain(head)
        scope["extensions"] = {ABORT: self._abort}
        scope["http_version"] = head.version
        scope["path"] = unquote(scope["path"])
        scope["query_string"] = head.target[1]
        return scope

    def started(self, head: Head, handling: Handling, scope: Scope) -> Scope:
        """The `plain` scope of a request whose handling has begun, for what remains of it.

        It stays the same one, since very many streams may be open.
        """
        scope["extensions"] = {ABORT: self._abort, STARTED: handling}
        scope["http_version"] = head.version
        return scope


def _address(name: Any) -> Address | None:
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) and len(name) > 1 else None
