"""Dates in virtual time: `datetime.now`, `time.time`, `localtime` and what else knows the date."""

import sys
from types import FrameType

from mock_mindvideo.fences.builtin_functions import Undo
from mock_mindvideo.fences.time_machine import lead_dates, real_time_ns
from mock_mindvideo.virtual.callers import module_of, reads_really
from mock_mindvideo.virtual.timeline import Timeline


def lead_to(timeline: Timeline) -> Undo | None:
    """Let dates be the world's for whoever takes part; None where they cannot be led."""

    def time_ns() -> int:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and module_of(frame) in _BETWEEN:
            frame = frame.f_back
        if frame is None or not timeline.virtual() or reads_really(frame):
            return real_time_ns()
        return timeline.wall() * 1000

    return lead_dates(time_ns)


#: Modules that older versions of time-machine, and this, put between an asker and the answer.
_BETWEEN = {
    "time_machine",
    "mock_mindvideo.fences.time_machine",
    "mock_mindvideo.virtual.clocks",
    __name__,
}
