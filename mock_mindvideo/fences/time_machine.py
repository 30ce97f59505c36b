"""Where time-machine keeps who decides the date, as read in 3.0 to 3.6.

Its functions in C ask the last of a list, so one of our own is put first in it: whoever travels in
a test goes before. The list has no documented name. Where it is gone, or another library has put
its own dates in place, dates stay as they are.
"""

import datetime
import importlib.util
import sys
from collections.abc import Callable
from typing import Any

from mock_mindvideo.fences.fence import Gone, warn

READ_IN = "3.0 to 3.6"

STACK = "traveller_stack"

Undo = Callable[[], None]


def lead_dates(time_ns: Callable[[], int]) -> Undo | None:
    """Let all dates be those of `time_ns`, nanoseconds since 1970; None where that cannot be."""
    if datetime.datetime.__name__ == "FakeDatetime":  # freezegun, whose dates are the test's wish
        return None
    if importlib.util.find_spec("time_machine") is None:
        return None
    import time_machine  # noqa: PLC0415 - only virtual time needs it

    try:
        stack = _stack(time_machine)
    except Gone as gone:
        warn("time-machine", READ_IN, str(gone), "datetime.now() and time.time() stay real")
        return None
    travel = time_machine.travel(0.0, tick=False)
    mine: Any = travel.start()
    stack.remove(mine)
    stack.insert(0, mine)
    mine.time_ns = time_ns
    mine.time = lambda: time_ns() / 1e9

    def undo() -> None:
        if stack[-1] is mine:
            travel.stop()
        else:  # somebody still travels, and takes the patches back when he ends
            stack.remove(mine)

    return undo


def real_time_ns() -> int:
    """The wall clock of the machine, while dates are led elsewhere."""
    return int(sys.modules["time_machine"].escape_hatch.time.time_ns())


def _stack(library: Any) -> list[Any]:
    if isinstance(found := getattr(library, STACK, None), list):
        return found
    raise Gone(f"time_machine.{STACK}")
