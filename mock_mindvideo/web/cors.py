"""Which page may read which answer: CORS is decided here, and nowhere else.

The emulated API and the files under `/media` are open to every page, whatever they answer; the
control plane only to pages that this machine serves itself, and to those that were allowed. What
the real API answers to a page is unknown, so all of this is invented.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.answers import Answer, AsgiApp, Message, Receive, Scope, Send
from mock_mindvideo.web.headers import Headers

CONTROL = "/_mock"

ANY_ORIGIN = (b"access-control-allow-origin", b"*")

_NAMES = PLATFORM.headers

#: Headers that only the mock sends, on answers of the API.
_OWN = ("X-Mock-Advice", "X-Mock-Script")

#: What an answer of the API depends on beside its URL, for caches.
VARY = (b"vary", b"Accept, Origin")

_VARY_CLOSED = (b"vary", b"Accept")

_EXPOSE_FILE = (
    b"access-control-expose-headers",
    f"Accept-Ranges, Content-Range, ETag, Retry-After, X-Mock-Advice, {_NAMES.request_id}".encode(),
)
_EXPOSE_CONTROL = (b"access-control-expose-headers", f"Location, {_NAMES.request_id}".encode())

#: Headers that pages are known to send, named even where a preflight asks for none.
ALLOWED = (
    "Authorization",
    "Content-Type",
    _NAMES.idempotency_key,
    "Last-Event-ID",
    "X-Mock-Script",
)

#: Header names that one preflight may ask for, and characters in each.
MOST_NAMES = 100
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")


#: The headers of an answer of the API, by whether the dialect opens it to every page.
OPENED = {True: (ANY_ORIGIN, VARY), False: (_VARY_CLOSED,)}


def expose(dialect: Dialect) -> tuple[bytes, bytes]:
    """What a page may read of an answer of the API, beside the safelisted headers.

    Sent to pages only: they alone ask, and the longest header is the dearest.
    """
    return _exposing(dialect.header_names)


@lru_cache(maxsize=64)
def _exposing(names: tuple[str, ...]) -> tuple[bytes, bytes]:
    return b"access-control-expose-headers", ", ".join((*names, *_OWN)).encode()


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks if a page may send a request."""
    if scope["method"] != "OPTIONS":
        return False
    names = {name for name, _ in scope["headers"]}
    return b"origin" in names and b"access-control-request-method" in names


def preflight(scope: Scope, methods: str) -> Headers:
    """The headers that let a page send what it asks for, beside those of every answer.

    The method that is asked for is allowed even where it is not one of `methods`, and so are the
    headers: the page then gets to read why it is refused.
    """
    asked = dict(scope["headers"])
    method = _tokens(asked.get(b"access-control-request-method", b""))[:1]
    names = _tokens(_list(scope, b"access-control-request-headers"))
    headers = [
        (b"access-control-allow-methods", _listed(_tokens(methods.encode()), method)),
        (b"access-control-allow-headers", _listed(ALLOWED, names)),
        (b"access-control-max-age", b"600"),
    ]
    if asked.get(b"access-control-request-private-network") == b"true":
        headers.append((b"access-control-allow-private-network", b"true"))
    return headers


def _list(scope: Scope, field: bytes) -> bytes:
    """All lines of a header that is a list, as one."""
    return b",".join(value for name, value in scope["headers"] if name == field)


def _tokens(value: bytes) -> list[str]:
    """The names in a list; what is no name is left out, so nothing else can be echoed."""
    parts = [part.strip(" \t") for part in value.decode("latin-1").split(",", MOST_NAMES)]
    return [part for part in parts[:MOST_NAMES] if _TOKEN.fullmatch(part)]


def _listed(known: Iterable[str], asked: Iterable[str]) -> bytes:
    """Both together, each name once however it is spelled."""
    names: dict[str, str] = {}
    for name in (*known, *asked):
        names.setdefault(name.lower(), name)
    return ", ".join(names.values()).encode()


class Cors:
    """Everything beside the API, with what lets a page read its answers.

    Preflights for files and unknown paths are answered here, those for the control plane by its
    guard, which looks at who asks first.
    """

    def __init__(self, app: AsgiApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        readable = _sending(send, answer_headers(scope, self._origins))
        if is_preflight(scope) and not is_control(scope):
            await Answer(204, headers=preflight(scope, "GET, HEAD")).send(readable)
        else:
            await self._app(scope, receive, readable)


def answer_headers(scope: Scope, origins: Origins) -> Headers:
    """The headers of every answer to a request for something beside the API."""
    if not is_control(scope):
        return [ANY_ORIGIN, _EXPOSE_FILE]
    vary = (b"vary", b"Origin")
    origin = dict(scope["headers"]).get(b"origin")
    if origin is None or not origins.trusts(origin.decode("latin-1")):
        return [vary]
    return [(b"access-control-allow-origin", origin), _EXPOSE_CONTROL, vary]


def is_control(scope: Scope) -> bool:
    """Whether a request is for the control plane."""
    path: str = scope["path"]
    return path == CONTROL or path.startswith(CONTROL + "/")


def _sending(send: Send, headers: Headers) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return sending
