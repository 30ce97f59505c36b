"""Reading back what was rendered, with PyAV's decoder and by the boxes of the file."""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class DecodedClip:
    """What a player sees; `first` and `last` are frames as their Y, U and V bytes."""

    codec: str
    pixel_format: str
    width: int
    height: int
    container_seconds: float
    stream_seconds: float
    frames: int
    first: bytes
    last: bytes
    boxes: tuple[str, ...]


@pytest.fixture
def decode() -> Callable[[bytes], DecodedClip]:
    """Decode an MP4, every frame of it; skips the test where PyAV is missing."""
    pytest.importorskip("av")
    return _decode


def _decode(clip: bytes) -> DecodedClip:
    import av  # noqa: PLC0415 - optional extra

    with av.open(io.BytesIO(clip)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert container.duration is not None
        assert stream.duration is not None
        assert stream.time_base is not None
        return DecodedClip(
            codec=stream.codec_context.name,
            pixel_format=str(stream.codec_context.pix_fmt),
            width=stream.width,
            height=stream.height,
            container_seconds=container.duration / av.time_base,
            stream_seconds=float(stream.duration * stream.time_base),
            frames=len(frames),
            first=_pixels(frames[0]),
            last=_pixels(frames[-1]),
            boxes=tuple(_boxes(clip)),
        )


def _pixels(frame: object) -> bytes:
    """The seen bytes of all planes, without the padding of their rows."""
    return b"".join(
        bytes(plane)[start : start + plane.width]
        for plane in frame.planes  # type: ignore[attr-defined]
        for start in range(0, plane.height * plane.line_size, plane.line_size)
    )


def _boxes(clip: bytes) -> Iterator[str]:
    offset = 0
    while offset < len(clip):
        size, kind = struct.unpack_from(">I4s", clip, offset)
        yield kind.decode("ascii")
        offset += size
