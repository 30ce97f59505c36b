"""`POST /_mock/uploads`: a developer's file becomes a hosted URL on the mock."""

import secrets
from collections.abc import Mapping

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores import Store
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.links import MEDIA, Links
from mock_mindvideo.worlds import World, Worlds

#: What may be uploaded, and the extension it gets. SVG is a program, so it stays out.
TYPES: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
}


class Uploads:
    """Takes a raw body with its Content-Type, or a form (multipart/form-data) with one file."""

    def __init__(self, worlds: Worlds, store: Store, links: Links, most: int) -> None:
        self._worlds = worlds
        self._store = store
        self._links = links
        self._most = most

    def routes(self) -> list[Route]:
        """The path, relative to `/_mock`."""
        return [Route("/uploads", self.add, methods=["POST"])]

    async def add(self, request: Request) -> Response:
        """Store the file; 201 with its URL."""
        world = self._worlds.controlled(request.headers.get("authorization"))
        media_type, body = await self._read(request)
        upload = self._store_file(world, media_type, body)
        url = f"{self._links.base(request.scope)}{MEDIA}/{world.name}/uploads/{upload.id}"
        answer = {"url": url, "media_type": media_type, "bytes": len(body)}
        return JsonResponse(answer, 201, headers={"location": url})

    def _store_file(self, world: World, media_type: str, body: bytes) -> Upload:
        name = f"upl_{secrets.token_hex(12)}.{TYPES[media_type]}"
        upload = Upload(name, media_type, body, world.now())
        self._store.add_upload(world.name, upload)
        return upload

    async def _read(self, request: Request) -> tuple[str, bytes]:
        sent = _bare(request.headers.get("content-type"))
        self._check_announced(request)
        if sent == "multipart/form-data":
            sent, body = await self._read_form(request)
        else:
            _check_type(sent)
            body = await self._read_raw(request)
        if not body:
            raise InvalidRequest("the file is empty")
        return sent, body

    def _check_announced(self, request: Request) -> None:
        announced = request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced[:18]) > self._most + 4096:
            raise self._too_large()

    async def _read_raw(self, request: Request) -> bytes:
        chunks, size = [], 0
        async for chunk in request.stream():
            chunks.append(chunk)
            size += len(chunk)
            if size > self._most:
                raise self._too_large()
        return b"".join(chunks)

    async def _read_form(self, request: Request) -> tuple[str, bytes]:
        try:
            async with request.form(max_files=1, max_fields=8) as form:
                files = [each for each in form.values() if isinstance(each, UploadFile)]
                if not files:
                    raise InvalidRequest("the form holds no file; send one, in any field")
                if (files[0].size or 0) > self._most:
                    raise self._too_large()
                return _check_type(_bare(files[0].content_type)), await files[0].read()
        except (HTTPException, MultipartParseError) as error:
            reason = getattr(error, "detail", None) or str(error)
            raise InvalidRequest(f"the form cannot be read: {reason}") from None

    def _too_large(self) -> PayloadTooLarge:
        return PayloadTooLarge(f"the file is over {self._most} bytes")


def _bare(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _check_type(media_type: str) -> str:
    if media_type not in TYPES:
        raise UnsupportedMediaType(
            f"Content-Type {media_type[:100]!r} cannot be uploaded; allowed are {', '.join(TYPES)}"
        )
    return media_type
