"""Clips: H.264 and, where asked for, AAC in MP4, encoded by PyAV (extra `media`).

PyAV is imported only when a clip is made.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mock_mindvideo.render import sound
from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.picture import (
    DARK_INK,
    LIGHT_INK,
    TRACK_INK,
    Colour,
    Picture,
    caption,
    even,
    picture_of,
)
from mock_mindvideo.render.plane import Plane, Rect

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer

_FRAME_RATE = 12  # enough to see that it plays; each frame costs encoding time
_BOUNCE_SECONDS = 2
_MOVING_TOP = 79  # per cent of the height; what is above stays as it is
_ENCODER: Final = "libx264"

# One thread: x264's output is the same on every machine only then. The colour tags say what
# `_bt709` computes; without them players guess from the size.
_ENCODER_OPTIONS = {
    "preset": "ultrafast",
    "crf": "26",
    "threads": "1",
    "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709",
}


@dataclass(frozen=True, slots=True)
class _Timing:
    """So many frames at such a rate that the clip is exactly as long as asked, to the ms."""

    frames: int
    rate: Fraction

    @classmethod
    def of(cls, seconds: float) -> "_Timing":
        exact = Fraction(round(seconds * 1000), 1000)
        frames = max(1, round(exact * _FRAME_RATE))
        return cls(frames, frames / exact)


def can_render_clips() -> bool:
    """Whether PyAV is installed, with an H.264 encoder."""
    try:
        import av  # noqa: PLC0415 - optional extra
    except ImportError:
        return False
    return _ENCODER in av.codecs_available


def render_clip(label: str, shape: OutputShape) -> bytes:
    """An MP4 of exactly `shape`: H.264, 4:2:0, its index first so that it can stream.

    It has an AAC track if the shape has sound, and none otherwise.

    Each label has its own colours, tiles and text; a bar and a clock show that the clip plays.
    Equal arguments give equal bytes under one version of PyAV. Raises ImportError without PyAV,
    ValueError if the shape has no length or an odd side.
    """
    if shape.seconds <= 0 or shape.width % 2 or shape.height % 2:
        problem = f"a clip needs a duration and even sides: {shape}"
        raise ValueError(problem)
    import av  # noqa: PLC0415 - optional extra

    timing = _Timing.of(shape.seconds)
    options = {
        "fflags": "+bitexact",
        # Room for the index ahead of the frames: it has two four-byte entries for each frame.
        # `faststart` would move it there afterwards, which takes a real file.
        "moov_size": str(2048 + 8 * timing.frames + _room_for_sound(shape)),
    }
    file = io.BytesIO()
    with av.open(file, "w", format="mp4", container_options=options) as container:
        _encode(container, label, shape, timing)
    return file.getvalue()


def _room_for_sound(shape: OutputShape) -> int:
    """Each packet has an entry for its size, and may have one for its place."""
    return 1024 + 12 * sound.packets(shape.seconds) if shape.sound else 0


def _encode(container: "OutputContainer", label: str, shape: OutputShape, timing: _Timing) -> None:
    picture = picture_of(label, shape.width, shape.height)
    stream = container.add_stream(_ENCODER, rate=timing.rate, options=dict(_ENCODER_OPTIONS))
    stream.width, stream.height, stream.pix_fmt = shape.width, shape.height, "yuv420p"
    # A place to seek to every five seconds; each costs as much as all frames in between.
    stream.codec_context.gop_size = 5 * _FRAME_RATE
    track = sound.add_track(container) if shape.sound else None
    for frame in _frames(picture, shape, timing):
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
    if track is not None:
        for piece in sound.frames(label, shape.seconds):
            container.mux(track.encode(piece))
        container.mux(track.encode())


def _frames(picture: Picture, shape: OutputShape, timing: _Timing) -> Iterator["VideoFrame"]:
    """One frame at a time: only the luma of the footer changes, the rest is painted once."""
    from av import VideoFrame  # noqa: PLC0415 - optional extra

    values = tuple(zip(*map(_bt709, picture.palette), strict=True))
    layout = VideoFrame(shape.width, shape.height, "yuv420p")
    planes = tuple(_still_planes(picture, layout, values))
    for number in range(timing.frames):
        planes[0].paint(_moving_parts(shape, timing, number), values[0])
        frame = VideoFrame(shape.width, shape.height, "yuv420p")
        frame.pts, frame.time_base = number, 1 / timing.rate
        for target, plane in zip(frame.planes, planes, strict=True):
            memoryview(target)[:] = plane.data
        yield frame


def _still_planes(
    picture: Picture, layout: "VideoFrame", values: tuple[tuple[int, ...], ...]
) -> Iterator[Plane]:
    for target, channel, pitch in zip(layout.planes, values, (1, 2, 2), strict=True):
        plane = Plane.blank(target.width, target.height, target.line_size)
        plane.paint(picture.rects, channel, pitch)
        yield plane


def _moving_parts(shape: OutputShape, timing: _Timing, number: int) -> Iterator[Rect]:
    """Clock, bouncing square and progress bar of one frame; the bar is full in the last."""
    width, height = shape.width, shape.height
    elapsed = number / timing.rate
    clock = f"{float(elapsed):04.1f}/{shape.seconds:04.1f} s"
    yield Rect(0, height * _MOVING_TOP // 100, width, height, DARK_INK)  # wipes the last frame's
    yield from caption(f"{width}x{height} {clock}", width, height, at=_MOVING_TOP)
    thickness = even(height // 40)
    top = even(height * 93 // 100)
    swing = abs(elapsed % _BOUNCE_SECONDS / _BOUNCE_SECONDS * 2 - 1)
    side = 2 * thickness
    yield Rect(int((width - side) * (1 - swing)), top - side, side, side, LIGHT_INK)
    yield Rect(0, top, width, thickness, TRACK_INK)
    yield Rect(0, top, width * (number + 1) // timing.frames, thickness, LIGHT_INK)


def _bt709(colour: Colour) -> tuple[int, int, int]:
    """Studio-range Y'CbCr (ITU-R BT.709) of an RGB colour."""
    red, green, blue = (channel / 255 for channel in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    blueness = (blue - luma) / 1.8556
    redness = (red - luma) / 1.5748
    return round(16 + 219 * luma), round(128 + 224 * blueness), round(128 + 224 * redness)
