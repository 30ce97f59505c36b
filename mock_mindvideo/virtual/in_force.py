"""One timeline at a time is in force. What it takes is imported with the first one.

Most tests leave time as it is, and nearly all of this package is for the others.
"""

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_mindvideo.virtual.installed import Installed
    from mock_mindvideo.virtual.timeline import Moving, Timeline


_lock = threading.Lock()
_installed: "Installed | None" = None


def attach(world: "Moving") -> "Timeline":
    """Let a world's time be the one of this process, from now until `detach`."""
    global _installed  # noqa: PLW0603 - there is one time in a process
    with _lock:
        if _installed is None:
            from mock_mindvideo.virtual.installed import Installed  # noqa: PLC0415 - see above

            _installed = Installed()
        _installed.timeline.attach(world)
        return _installed.timeline


def detach(world: "Moving") -> None:
    """Let it have its own again; with the last of them, real time is back."""
    global _installed
    with _lock:
        if _installed is None:
            return
        _installed.timeline.detach(world)
        if not _installed.timeline.attached:
            gone, _installed = _installed, None
            gone.close()


def timeline() -> "Timeline | None":
    """The timeline, if there is one."""
    return None if _installed is None else _installed.timeline


def catch_up() -> None:
    """Take all worlds to the time of the one that was moved last, where they share one."""
    if _installed is not None:
        _installed.timeline.look()


def _forked() -> None:
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    if _installed is not None:
        _installed.timeline.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
