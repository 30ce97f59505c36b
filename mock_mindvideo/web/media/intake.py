"""A file on its way into the store."""

import secrets
from collections.abc import Mapping

from mock_mindvideo.domain.errors import InvalidRequest, PayloadTooLarge
from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.stores.files import Files
from mock_mindvideo.worlds import World

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


class Intake:
    """Hands a file's bytes on in whole pieces; a file that is not finished leaves no trace."""

    def __init__(self, files: Files, world: World, most: int) -> None:
        self._files = files
        self._world = world
        self._most = most
        self._upload: Upload | None = None
        self._size = 0
        self._held = bytearray()
        self._finished = False

    def __enter__(self) -> "Intake":
        return self

    def __exit__(self, *_: object) -> None:
        if self._upload is not None and not self._finished:
            self._files.drop(self._world.name, self._upload.id)

    def take(self, data: bytes, media_type: str) -> None:
        """The next bytes; raises PayloadTooLarge once they are too many, and Unavailable."""
        self._size += len(data)
        if self._size > self._most:
            raise too_large(self._most)
        if data and self._upload is None:
            self._upload = self._begin(media_type)
        self._held += data
        while len(self._held) >= PIECE:
            self._pass_on()

    def finish(self) -> Upload:
        """The file, which can be found now; raises InvalidRequest if it is empty."""
        if self._upload is None:
            raise InvalidRequest("the file is empty")
        if self._held:
            self._pass_on()
        self._files.finish(self._world.name, self._upload.id)
        self._finished = True
        return self._upload._replace(size=self._size)

    def _begin(self, media_type: str) -> Upload:
        name = f"upl_{secrets.token_hex(12)}.{TYPES[media_type]}"
        upload = Upload(name, media_type, 0, self._world.now())
        self._files.begin(self._world.name, upload)
        return upload

    def _pass_on(self) -> None:
        assert self._upload is not None  # noqa: S101 - bytes are held only of a file that began
        self._files.add(self._world.name, self._upload.id, bytes(self._held[:PIECE]))
        del self._held[:PIECE]


def too_large(most: int) -> PayloadTooLarge:
    """The refusal of a file over `most` bytes."""
    return PayloadTooLarge(f"the file is over {most} bytes")
