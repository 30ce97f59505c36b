"""A request's head as the scope of an ASGI application."""

import asyncio
from typing import Any
from urllib.parse import unquote

from mock_mindvideo.http1.reader import Head
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.asgi import ABORT, STARTED
from mock_mindvideo.web.scope import Address, scope_of
from mock_mindvideo.web.steps import Handling


class Scopes:
    """Makes the scopes of one connection's requests."""

    __slots__ = ("_abort", "_common")

    def __init__(self, transport: asyncio.Transport) -> None:
        ends = (_address(transport.get_extra_info(end)) for end in ("peername", "sockname"))
        client, server = ends
        self._common = dict(scope_of("GET", b"/", [], client=client, server=server))
        self._abort = transport.abort

    def plain(self, head: Head) -> Scope:
        """The scope of a request whose target needs no decoding."""
        scope = self._common.copy()
        scope["method"] = head.method
        scope["raw_path"] = path = head.target[0]
        scope["path"] = path.decode("ascii")
        scope["headers"] = head.headers
        return scope

    def scope(self, head: Head, begun: Handling | None = None) -> Scope:
        """The scope of any request, and what was `begun` of handling it."""
        scope = self.plain(head)
        scope["extensions"] = {ABORT: self._abort}
        if begun is not None:
            scope["extensions"][STARTED] = begun
        scope["http_version"] = head.version
        scope["path"] = unquote(scope["path"])
        scope["query_string"] = head.target[1]
        return scope


def _address(name: Any) -> Address | None:
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) and len(name) > 1 else None
