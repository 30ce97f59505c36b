"""A file that a developer gave to the mock, so that a reference can point at it."""

from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant


class Upload(NamedTuple):
    """`id` ends in the file's extension and cannot be guessed; `media_type` is an allowed one."""

    id: str
    media_type: str
    body: bytes
    created_at: Instant
