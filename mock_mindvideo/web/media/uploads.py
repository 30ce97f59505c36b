"""`POST /_mock/uploads`: a developer's file becomes a hosted URL on the mock."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import UnsupportedMediaType
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores import Store
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.links import MEDIA, Links
from mock_mindvideo.web.media.form import MOST_BESIDE, FormFile
from mock_mindvideo.web.media.intake import TYPES, Intake, too_large
from mock_mindvideo.worlds import Registry, World


class Uploads:
    """Takes a raw body with its Content-Type, or a form (multipart/form-data) with one file.

    Either is handed to the store piece by piece as it arrives, so that none is ever held whole.
    """

    def __init__(self, worlds: Registry, store: Store, links: Links, most: int) -> None:
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
        upload = await self._take(request, world)
        url = f"{self._links.base(request.scope)}{MEDIA}/{world.name}/uploads/{upload.id}"
        answer = {"url": url, "media_type": upload.media_type, "bytes": upload.size}
        world.tell("upload", {"id": upload.id, **answer})
        return JsonResponse(answer, 201, headers={"location": url})

    async def _take(self, request: Request, world: World) -> Upload:
        self._check_announced(request)
        sent = request.headers.get("content-type") or ""
        form = FormFile(sent) if _bare(sent) == "multipart/form-data" else None
        media_type = None if form else _check_type(_bare(sent))
        with Intake(self._store.files, world, self._most) as intake:
            async for chunk in request.stream():
                pieces = form.feed(chunk) if form else [chunk]
                if form and form.media_type is not None and media_type is None:
                    media_type = _check_type(_bare(form.media_type))
                for piece in pieces:
                    intake.take(piece, media_type or "")
            if form:
                form.finish()
            return intake.finish()

    def _check_announced(self, request: Request) -> None:
        announced = request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced[:18]) > self._most + MOST_BESIDE:
            raise too_large(self._most)


def _bare(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _check_type(media_type: str) -> str:
    if media_type not in TYPES:
        raise UnsupportedMediaType(
            f"Content-Type {media_type[:100]!r} cannot be uploaded; allowed are {', '.join(TYPES)}"
        )
    return media_type
