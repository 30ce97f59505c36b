"""Rectangles of one ink, and the byte planes they are painted on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Rect(NamedTuple):
    """A filled rectangle in pixels from the top left; `ink` is an index into a palette."""

    left: int
    top: int
    width: int
    height: int
    ink: int


@dataclass(slots=True)
class Plane:
    """One channel of a picture: `height` rows of `stride` bytes, of which `width` are seen."""

    width: int
    height: int
    stride: int
    data: bytearray

    @classmethod
    def blank(cls, width: int, height: int, stride: int) -> "Plane":
        """A plane of zeros."""
        return cls(width, height, stride, bytearray(stride * height))

    def paint(self, rects: Iterable[Rect], values: Sequence[int], pitch: int = 1) -> None:
        """Fill each rectangle with its ink's value; later ones cover earlier ones.

        `pitch` is the number of picture pixels to a sample: 2 for the chroma planes of 4:2:0.
        What lies outside the plane is left out.
        """
        for rect in rects:
            self._fill(rect, values[rect.ink], pitch)

    def _fill(self, rect: Rect, value: int, pitch: int) -> None:
        left = max(rect.left // pitch, 0)
        right = min((rect.left + rect.width) // pitch, self.width)
        top = max(rect.top // pitch, 0)
        bottom = min((rect.top + rect.height) // pitch, self.height)
        if right <= left:
            return
        row = bytes((value,)) * (right - left)
        for start in range(top * self.stride + left, bottom * self.stride + left, self.stride):
            self.data[start : start + len(row)] = row
