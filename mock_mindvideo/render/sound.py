"""The sound of a clip: a soft tone that beeps once a second, encoded as AAC."""

import hashlib
import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio import AudioStream
    from av.container import OutputContainer

ENCODER: Final = "aac"
SAMPLE_RATE = 44_100
FRAME = 1024  # samples of one packet of AAC
BIT_RATE = 48_000

_BEEP_SECONDS = 0.12
_LOUD, _SOFT = 0.2, 0.02
_LOWEST, _TONES = 220, 24  # Hz; a label has one of two octaves of half tones


def packets(seconds: float) -> int:
    """How many packets such a sound has, the encoder's own first ones too."""
    return math.ceil(seconds * SAMPLE_RATE / FRAME) + 4


def add_track(container: "OutputContainer") -> "AudioStream":
    """A track of one channel; to be added before anything is written."""
    stream = container.add_stream(ENCODER, rate=SAMPLE_RATE)
    stream.layout, stream.format, stream.bit_rate = "mono", "fltp", BIT_RATE
    return stream


def frames(label: str, seconds: float) -> Iterator["AudioFrame"]:
    """As many samples as make up the seconds; equal arguments give equal sounds."""
    from av import AudioFrame  # noqa: PLC0415 - optional extra

    beat = _beat(_tone(label))
    total = round(seconds * SAMPLE_RATE)
    for start in range(0, total, FRAME):
        count = min(FRAME, total - start)
        frame = AudioFrame(format="fltp", layout="mono", samples=count)
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        frame.time_base = Fraction(1, SAMPLE_RATE)
        at = start % SAMPLE_RATE
        piece = (beat[at : at + count] + beat[: max(0, at + count - SAMPLE_RATE)]).tobytes()
        plane = frame.planes[0]
        plane.update(piece.ljust(plane.buffer_size, b"\0"))
        yield frame


def _tone(label: str) -> int:
    """Hertz, a whole number so that a second ends where it began."""
    digest = hashlib.sha256(label.encode("utf-8", "backslashreplace")).digest()
    return round(_LOWEST * 2 ** (digest[6] % _TONES / 12))


@lru_cache(maxsize=_TONES)
def _beat(hertz: int) -> "array[float]":
    """The samples of one second: a beep at its beginning, near silence after it."""
    step = 2 * math.pi * hertz / SAMPLE_RATE
    beep = round(_BEEP_SECONDS * SAMPLE_RATE)
    loud = (_LOUD * math.sin(math.pi * n / beep) for n in range(beep))
    volume = array("f", (max(each, _SOFT) for each in loud))
    volume.extend([_SOFT] * (SAMPLE_RATE - beep))
    return array("f", (volume[n] * math.sin(step * n) for n in range(SAMPLE_RATE)))
