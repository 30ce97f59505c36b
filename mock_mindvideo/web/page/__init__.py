"""The page: what the mock is doing, for people. Files that a browser runs as they are.

It stands inside the guard of the control plane, which it uses like any other client.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import NamedTuple

from orjson import dumps
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.accept import prefers
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.cors import CONTROL

#: Where its files are, under the control plane.
FOLDER = "/ui"

_STATIC = Path(__file__).parent / "static"

#: How a file ends that is packed, so that the wheel stays small.
_PACKED = ".xz"

_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

#: It loads nothing from another host, runs no code but its own files', and is shown in no frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


#: What a browser opens, and what it is shown: the page, and the reference of the API.
_OPENED: Mapping[str, str] = {"/": "", "/docs": "docs/", "/docs/": "docs/"}


#: The script into which the names of the platform are written.
_PLATFORM = "platform.js"


class _File(NamedTuple):
    body: bytes
    media_type: str
    tag: str


def routes() -> list[Route]:
    """The paths, relative to `/_mock`."""
    return [
        Route(FOLDER, _folder, methods=["GET"]),
        Route(FOLDER + "/{file:path}", _show, methods=["GET"]),
    ]


def wanted(scope: Scope) -> str | None:
    """Where it is that a browser opens; None for every other client, and every other path."""
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    if scope["path"] not in _OPENED or not prefers(
        accepted.decode("latin-1"), "text/html", "application/json"
    ):
        return None
    return f"{CONTROL}{FOLDER}/{_OPENED[scope['path']]}"


async def _folder(request: Request) -> Response:
    return RedirectResponse("ui/", 308)


async def _show(request: Request) -> Response:
    """A file; what stands for its folder finds its files from where it was opened as well."""
    name = request.path_params["file"]
    found = _file(name + "index.html" if name.endswith("/") or not name else name)
    if found is None:
        raise NotFound(f"the page has no file {name[:100]!r}")
    opened = request.scope.get("raw_path", b"").decode("latin-1")
    if opened in _OPENED:
        found = _from_elsewhere(found, opened)
    headers = {**_HEADERS, "etag": found.tag, "content-type": found.media_type}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers)


def _file(name: str) -> _File | None:
    """A file that may be shown; None where there is none of that name."""
    path = _paths().get(name)
    return None if path is None else _read(path)


@cache
def _paths() -> Mapping[str, Path]:
    """Where each file is, by the name that it has without its packing."""
    found = ((path, path.relative_to(_STATIC).as_posix()) for path in _STATIC.rglob("*"))
    names = {name.removesuffix(_PACKED): path for path, name in found}
    return {name: path for name, path in names.items() if PurePath(name).suffix in _TYPES}


@cache
def _read(path: Path) -> _File:
    """A file is kept when it was shown once."""
    body, name = path.read_bytes(), path.name.removesuffix(_PACKED)
    if path == _STATIC / _PLATFORM:
        body = body.replace(b'JSON.parse("{}")', _platform())
    return _tagged(body if name == path.name else _unpacked(body), _TYPES[PurePath(name).suffix])


def _platform() -> bytes:
    """What the page has to know of the platform, as JSON."""
    paths, keys = PLATFORM.paths, PLATFORM.keys
    return dumps({
        "submit": paths.submit[1:],
        "show": paths.show[1:],
        "events": paths.events[1:],
        "idempotencyKey": PLATFORM.headers.idempotency_key,
        "replayed": PLATFORM.headers.replayed,
        "scheme": keys.scheme,
        "documented": keys.documented,
        "test": keys.test,
    })  # fmt: skip


def _unpacked(body: bytes) -> bytes:
    """What was packed; raises NotFound where Python was built without what unpacks it."""
    try:
        import lzma  # noqa: PLC0415 - only the reference needs it
    except ImportError:
        raise NotFound("this Python was built without lzma, in which the file is packed") from None
    return lzma.decompress(body)


def _tagged(body: bytes, media_type: str) -> _File:
    return _File(body, media_type, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


def _from_elsewhere(page: _File, opened: str) -> _File:
    """The same for who opened it there: it refers relatively, so that a proxy's prefix holds."""
    up = "../" * (opened.count("/") - 1)
    folder = f'"{up}{CONTROL[1:]}{FOLDER}/{_OPENED[opened]}'.encode()
    return _tagged(page.body.replace(b'"./', folder), page.media_type)
