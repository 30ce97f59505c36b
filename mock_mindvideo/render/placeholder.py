"""Ready-made clips, for installations without PyAV; `make_placeholders` makes them."""

import math
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from mock_mindvideo.render.geometry import OutputShape

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4")


def placeholder_clip(shape: OutputShape) -> bytes:
    """A small MP4 of 2 s that says PLACEHOLDER, of the aspect ratio nearest to the shape's.

    Neither the size nor the duration is the shape's.
    """
    return _read(min(RATIOS, key=lambda ratio: _distance(ratio, shape)))


def placeholder_file(ratio: str) -> Traversable:
    """Where the placeholder for one of `RATIOS` is kept, within the package."""
    return files(__package__) / "placeholders" / f"{ratio.replace(':', 'x')}.mp4"


@cache
def _read(ratio: str) -> bytes:
    return placeholder_file(ratio).read_bytes()


def _distance(ratio: str, shape: OutputShape) -> float:
    # By logarithm, so that twice as wide is as far off as half as wide.
    width, height = map(int, ratio.split(":"))
    return abs(math.log(shape.width / shape.height * height / width))
