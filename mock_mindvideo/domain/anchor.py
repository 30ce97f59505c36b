"""How real time is kept steady while the machine's clocks jump. Pure values.

The wall clock may be set to anything at any time. The running clock of a boot only goes on, but
says nothing of the date, and begins again with the next boot. So real time is the running clock
plus an offset, which all processes of one boot share, and a mark ahead of everything that was
given, from which the next boot goes on where the wall clock was set back.
"""

from typing import NamedTuple

from mock_mindvideo.domain.instant import SECOND, Instant

#: How far the mark is ahead of what was given when it is moved.
LEASE = SECOND

#: Wall clocks are disciplined by less than this; what is more was set by somebody.
TOLERANCE = SECOND


class ClockReading(NamedTuple):
    """The machine's clocks at one moment, in microseconds. `running` counts within the `boot`."""

    boot: str
    running: int
    wall: Instant


class Anchor(NamedTuple):
    """What real time hangs on.

    `offset` turns the running clock of `boot` into real time; every moment that was given is at
    most `mark`; `drift` is how far the wall clock was ahead when last looked at.
    """

    boot: str
    offset: int
    mark: Instant
    drift: int


def moved_on(anchor: Anchor | None, at: ClockReading, last: Instant) -> Anchor:
    """The anchor for the moments from `at` on, none of which is before `last` or goes back.

    The offset stays as it is within one boot. The next boot takes up the wall clock, but not to
    before the mark; and where a running clock went back, which none should within a boot that has a
    name, it goes on from the mark.
    """
    if anchor is None:
        real = max(at.wall, last)
    elif anchor.boot != at.boot:
        real = max(at.wall, anchor.mark, last)
    else:
        real = at.running + anchor.offset
        if real < max(last, anchor.mark - LEASE):
            real = max(last, anchor.mark, 0 if at.boot else at.wall)
    mark = real + LEASE if anchor is None else max(anchor.mark, real + LEASE)
    return Anchor(at.boot, real - at.running, mark, at.wall - real)


def jump(before: Anchor | None, after: Anchor) -> int:
    """By how much the wall clock was set, in microseconds, where worlds do not follow it."""
    if before is None:
        return 0
    if before.boot != after.boot:
        return after.drift if after.drift < -TOLERANCE else 0
    set_by = after.drift - before.drift
    return set_by if abs(set_by) > TOLERANCE else 0
