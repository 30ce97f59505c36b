"""Where a run of trio waits, as read in trio 0.27 to 0.35.

The class that waits has no documented name. Where it is gone, runs of trio wait in real time, and
`trio.testing.MockClock` is what moves them.
"""

import sys
from typing import Any

from mock_mindvideo.fences.fence import Gone, look_for, member, warn

READ_IN = "0.27 to 0.35"


def place_of_waiting() -> Any:
    """The class whose method `get_events(timeout)` waits; None if it, or trio, is not there."""
    if "trio" not in sys.modules:
        return None
    try:
        kind = member("trio._core._run", "TheIOManager")
        look_for(kind, "get_events", of="trio's TheIOManager")
        member("trio._core._run", "SystemClock")
        look_for(member("trio._core._run", "Task"), "_attempt_abort", of="trio's Task")
        look_for(member("trio._core._run", "Runner"), "main_task", of="trio's Runner")
        if not hasattr(kind, "_epoll") and not hasattr(kind, "_kqueue"):
            raise Gone("trio's TheIOManager._epoll and ._kqueue")
    except Gone as gone:
        warn("trio", READ_IN, str(gone), "its sleeps are real; pass it trio.testing.MockClock")
        return None
    return kind


def has_own_clock() -> bool:
    """Whether the run of this thread was given a clock instead of trio's usual one."""
    import trio  # noqa: PLC0415 - it is there

    return not isinstance(trio.lowlevel.current_clock(), member("trio._core._run", "SystemClock"))


def watched(manager: Any) -> Any:
    """What is readable once a run has something to do."""
    return manager._epoll if hasattr(manager, "_epoll") else manager._kqueue


def end_run(error: BaseException) -> None:
    """Raise `error` in the run's main task, as trio itself raises a KeyboardInterrupt there."""
    import trio  # noqa: PLC0415

    main = member("trio._core._run", "GLOBAL_RUN_CONTEXT").runner.main_task

    def abort() -> None:
        raise error

    trio.lowlevel.current_trio_token().run_sync_soon(main._attempt_abort, abort)
