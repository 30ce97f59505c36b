"""Stills: PNG from the standard library alone."""

import struct
import zlib

from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.picture import Picture, caption, picture_of
from mock_mindvideo.render.plane import Plane

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BIT_DEPTH = 8
_INDEXED = 3  # colour type: each byte is an index into the palette
_NO_FILTER = b"\0"  # ahead of each row; filters gain nothing with a palette


def render_still(label: str, shape: OutputShape) -> bytes:
    """A PNG of `shape.width` by `shape.height` in the same style as the clips.

    Equal arguments give equal bytes under one version of zlib.
    """
    size = f"{shape.width}x{shape.height}"
    picture = picture_of(label, shape.width, shape.height)
    plane = Plane.blank(shape.width, shape.height, shape.width)
    plane.paint(picture.rects, range(len(picture.palette)))
    plane.paint(caption(size, plane.width, plane.height, at=79), range(len(picture.palette)))
    return _png(picture, plane)


def _png(picture: Picture, plane: Plane) -> bytes:
    header = struct.pack(">IIBBBBB", plane.width, plane.height, _BIT_DEPTH, _INDEXED, 0, 0, 0)
    starts = range(0, len(plane.data), plane.stride)
    rows = b"".join(_NO_FILTER + plane.data[start : start + plane.width] for start in starts)
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", b"".join(map(bytes, picture.palette))),
        _chunk(b"IDAT", zlib.compress(rows)),
        _chunk(b"IEND", b""),
    )
    return _SIGNATURE + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
