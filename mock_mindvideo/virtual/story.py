"""The story of a test in which nothing happens any more: who waits for what, and since when."""

import linecache
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from threading import Thread
from types import FrameType

from mock_mindvideo.virtual.callers import package_of
from mock_mindvideo.virtual.waiter import Waiter

_OWN = ("mock_mindvideo", "trio", "anyio")
_LIBRARY = sysconfig.get_paths()["stdlib"]


def story(headline: str, now: int, waiters: Sequence[Waiter], others: Sequence[Thread]) -> str:
    """The whole text; `others` are threads that are blocked in what nobody knows."""
    lines = [f"{headline} (virtual time +{now / 1e6:.3f}s)"]
    for each in waiters:
        name = each.thread.name if each.thread else "?"
        lines.append(
            f"  {name} waits since +{each.since / 1e6:.3f}s in {each.what}{_at(each.frame)}"
        )
        lines += [f"    {line}" for line in each.tasks()]
    frames = sys._current_frames()
    for thread in others:
        frame = frames.get(thread.ident or 0)
        lines.append(f"  {thread.name} is blocked{_at(frame)}")
    return "\n".join(lines)


def place(frame: FrameType | None) -> str:
    """`app/worker.py:31 in poll: done.wait()`, of the nearest frame of the application."""
    frame = next(_of_application(frame), frame)
    if frame is None:
        return ""
    code = frame.f_code
    line = linecache.getline(code.co_filename, frame.f_lineno).strip()
    return f"{code.co_filename}:{frame.f_lineno} in {code.co_name}: {line}"


def _at(frame: FrameType | None) -> str:
    return f" at {where}" if (where := place(frame)) else ""


def _of_application(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        file = frame.f_code.co_filename
        library = file.startswith(_LIBRARY) and "site-packages" not in file
        if package_of(frame) not in _OWN and not library:
            yield frame
        frame = frame.f_back
