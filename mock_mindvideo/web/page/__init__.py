"""The page: what the mock is doing, for people. Files that a browser runs as they are.

It stands inside the guard of the control plane, which it uses like any other client.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.web.accept import prefers
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.cors import CONTROL

#: Where its files are, under the control plane.
FOLDER = "/ui"

_STATIC = Path(__file__).parent / "static"

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


def is_wanted(scope: Scope) -> bool:
    """Whether a browser opens `/`; every other client is told that there is nothing."""
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return scope["path"] == "/" and prefers(
        accepted.decode("latin-1"), "text/html", "application/json"
    )


async def _folder(request: Request) -> Response:
    return RedirectResponse("ui/", 308)


async def _show(request: Request) -> Response:
    """A file; the page itself finds its files from `/` as well."""
    name = request.path_params["file"] or "index.html"
    found = _files().get(name)
    if found is None:
        raise NotFound(f"the page has no file {name[:100]!r}")
    if name == "index.html" and request.scope.get("raw_path") == b"/":
        found = _at_root(found)
    headers = {**_HEADERS, "etag": found.tag, "content-type": found.media_type}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers)


@cache
def _files() -> Mapping[str, _File]:
    """Every file that may be shown, by its path; together they take little memory."""
    return {
        path.relative_to(_STATIC).as_posix(): _file(path.read_bytes(), _TYPES[path.suffix])
        for path in _STATIC.rglob("*")
        if path.suffix in _TYPES
    }


def _file(body: bytes, media_type: str) -> _File:
    return _File(body, media_type, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


def _at_root(page: _File) -> _File:
    """The page for `/`: it refers to its files relatively, so that a proxy's prefix holds."""
    folder = f'"{CONTROL[1:]}{FOLDER}/'.encode()
    return _file(page.body.replace(b'"./', folder), page.media_type)
