"""The picture for a label: bands and tiles in the label's own colours, a dark footer with text.

Clips and stills paint the same rectangles, each in its own pixel format.
"""

import colorsys
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from mock_mindvideo.render.font import ADVANCE, GLYPH_HEIGHT, text_rects
from mock_mindvideo.render.plane import Rect

Colour = tuple[int, int, int]

BANDS = 8
TILE_INK, DARK_INK, TRACK_INK, LIGHT_INK = range(BANDS, BANDS + 4)

_GRID = 7  # tiles a side; mirrored, so 28 of the digest's bits decide
_FOOTER_TOP = 64  # per cent of the height


@dataclass(frozen=True, slots=True)
class Picture:
    """A palette of RGB colours (0 to 255), and the rectangles to paint with it, in order.

    The footer is grey throughout: whatever moves in it leaves chroma as it is.
    """

    palette: tuple[Colour, ...]
    rects: tuple[Rect, ...]


def picture_of(label: str, width: int, height: int) -> Picture:
    """The still parts of the picture. Equal arguments give equal pictures.

    `label` may be any text; of one too long for the width its end is shown, where ids differ.
    """
    digest = hashlib.sha256(label.encode("utf-8", "backslashreplace")).digest()
    footer = Rect(0, footer_top(height), width, height - footer_top(height), DARK_INK)
    rects = (
        *_bands(width, height),
        *_tiles(int.from_bytes(digest[2:6], "big"), width, height),
        footer,
        *caption(label, width, height, at=68),
    )
    return Picture(_palette(digest[0] / 256, digest[1] / 256), rects)


def caption(text: str, width: int, height: int, at: int) -> Iterator[Rect]:
    """Centred text, as large as 90 % of the width and 10 % of the height allow.

    Its top lies `at` per cent of the height.
    """
    room = width * 9 // 10
    shown = text[-(room // ADVANCE) :]
    scale = min(room // (ADVANCE * max(len(shown), 1)), height // (10 * GLYPH_HEIGHT))
    left = (width - len(shown) * ADVANCE * scale) // 2
    return text_rects(shown, left, height * at // 100, scale, LIGHT_INK)


def footer_top(height: int) -> int:
    """The row, even, at which the footer begins."""
    return even(height * _FOOTER_TOP // 100)


def even(length: int) -> int:
    """The next even number down: chroma holds one sample for two by two pixels."""
    return length // 2 * 2


def _palette(hue: float, turn: float) -> tuple[Colour, ...]:
    """Inks 0 to 7 are the bands, dark to light; the tiles' hue is a quarter turn away or more."""
    bands = (_rgb(hue + band / 60, 0.25 + band / 40) for band in range(BANDS))
    tile = _rgb(hue + 0.25 + turn / 2, 0.7)
    return (*bands, tile, (16, 16, 16), (72, 72, 72), (235, 235, 235))


def _rgb(hue: float, lightness: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, 0.6)
    return round(red * 255), round(green * 255), round(blue * 255)


def _bands(width: int, height: int) -> Iterator[Rect]:
    # Each band reaches down to the footer and the next one covers its lower part: no gaps.
    for band in range(BANDS):
        top = even(footer_top(height) * band // BANDS)
        yield Rect(0, top, width, footer_top(height) - top, band)


def _tiles(bits: int, width: int, height: int) -> Iterator[Rect]:
    """A square of tiles, the left half mirrored: people tell such patterns apart at a glance."""
    side = even(min(width, footer_top(height)) * 8 // 10 // _GRID)
    left = even((width - side * _GRID) // 2)
    top = even((footer_top(height) - side * _GRID) // 2)
    for row, column in product(range(_GRID), range(_GRID)):
        bit = row * (_GRID // 2 + 1) + min(column, _GRID - 1 - column)
        if bits >> bit & 1:
            yield Rect(left + column * side, top + row * side, side, side, TILE_INK)
