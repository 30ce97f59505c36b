"""How large, how long and how many: the shape of a task's output, read from its input."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

#: As the domain has it, which this part does not import.
OutputKind = Literal["videos", "images"]

MAX_SIDE = 4096  # px; larger pictures are beyond what browsers decode
MIN_SHORT_SIDE = 144  # px; below this no label can be read
MAX_RATIO = Fraction(4)  # long side : short side
MAX_SECONDS = 60
MAX_IMAGES = 10

_DEFAULT_RATIO = Fraction(16, 9)
_DEFAULT_SHORT_SIDE = 1080
_DEFAULT_SECONDS = 5
_KILO_NAMES = {"2K": 1440, "4K": 2160}

# Bounded digit counts: Python refuses to convert endless digit strings.
_RATIO = re.compile(r"([0-9]{1,5}):([0-9]{1,5})")
_PIXELS = re.compile(r"([0-9]{1,5})[xX*]([0-9]{1,5})")
_LINES = re.compile(r"([0-9]{1,5})[pP]")
_NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class OutputShape:
    """The shape of an output.

    `width` and `height` are even and in pixels, `seconds` is 0 for images, `count` is 1 for videos;
    `sound` is whether a clip has any.
    """

    width: int
    height: int
    seconds: float
    count: int
    sound: bool = False


#: Width and height by resolution, in upper case, and aspect ratio, as a model's folder has them.
Sizes = Mapping[str, Mapping[str, Sequence[int]]]


#: Where no sizes are listed.
_UNLISTED: Sizes = {}


def shape_of(
    input: Mapping[str, object],
    output: OutputKind,
    sizes: Sizes = _UNLISTED,
    *,
    sound: bool = False,
) -> OutputShape:
    """Read the shape from the customary properties of `input`; never raises.

    What `sizes` lists is as large as that says. For all else:
    `size` or `aspect_ratio`: "W:H", or pixels as "1280x720" or "1280*720", which override
    `resolution`, the short side as "720P" or "2K". `duration` in seconds, for videos; `n`, for
    images. What cannot be read counts as missing; what is too large or too small is brought
    within bounds.
    """
    width, height = _listed(input, sizes) or _sides(input)
    if output == "images":
        return OutputShape(width, height, 0.0, int(_bounded(input.get("n"), 1, MAX_IMAGES)))
    seconds = _bounded(input.get("duration"), _DEFAULT_SECONDS, MAX_SECONDS)
    return OutputShape(width, height, round(seconds, 3), 1, sound)


def _listed(input: Mapping[str, object], sizes: Sizes) -> tuple[int, int] | None:
    ratios = sizes.get(str(input.get("resolution")).strip().upper(), {})
    for name in ("size", "aspect_ratio"):
        if (found := ratios.get(str(input.get(name)).strip())) is not None:
            return found[0], found[1]
    return None


def _sides(input: Mapping[str, object]) -> tuple[int, int]:
    for name in ("size", "aspect_ratio"):
        if pixels := _pair(_PIXELS, input.get(name)):
            return _fit(Fraction(*pixels), min(pixels))
        if ratio := _pair(_RATIO, input.get(name)):
            return _fit(Fraction(*ratio), _short_side(input.get("resolution")))
    return _fit(_DEFAULT_RATIO, _short_side(input.get("resolution")))


def _pair(pattern: re.Pattern[str], value: object) -> tuple[int, int] | None:
    match = pattern.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    return (first, second) if first and second else None


def _short_side(value: object) -> int:
    if not isinstance(value, str):
        return _DEFAULT_SHORT_SIDE
    if match := _LINES.fullmatch(value.strip()):
        return int(match[1]) or _DEFAULT_SHORT_SIDE
    return _KILO_NAMES.get(value.strip().upper(), _DEFAULT_SHORT_SIDE)


def _fit(ratio: Fraction, short: int) -> tuple[int, int]:
    """Width and height of about `ratio` (width / height) with the given short side, in bounds."""
    stretch = min(max(ratio, 1 / ratio), MAX_RATIO)
    short_side = min(Fraction(max(short, MIN_SHORT_SIDE)), MAX_SIDE / stretch)
    near, far = _even(short_side), _even(short_side * stretch)
    return (far, near) if ratio >= 1 else (near, far)


def _even(length: Fraction) -> int:
    # Chroma is stored once for two by two pixels, so an odd side cannot be encoded.
    return round(length / 2) * 2


def _bounded(value: object, default: int, most: int) -> float:
    """`value` within 1 to `most`; `default` if it is no positive number.

    Numbers in strings count: some models have `duration` as "5".
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return float(default)
    # NaN fails every comparison; integers too large for a float are only ever compared.
    return float(max(1, min(value, most)) if value > 0 else default)
