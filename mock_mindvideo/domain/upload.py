"""A file that a developer gave to the mock, so that a reference can point at it."""

from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant

#: Bytes in each piece of a file but the last, which may have fewer.
PIECE = 128 * 1024


class Upload(NamedTuple):
    """What is known of a file; its bytes are kept apart, in pieces.

    `id` ends in the file's extension and cannot be guessed; `media_type` is an allowed one.
    """

    id: str
    media_type: str
    size: int
    created_at: Instant
