"""Runs of trio in virtual time: their waits. Their clock is one of the module `time`.

A run that was given a clock of its own is left to it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

from mock_mindvideo.fences.builtin_functions import Undo
from mock_mindvideo.fences.trio import end_run, has_own_clock, place_of_waiting, watched
from mock_mindvideo.virtual.callers import package_of
from mock_mindvideo.virtual.loops import readable
from mock_mindvideo.virtual.peers import asks_a_peer
from mock_mindvideo.virtual.standing_still import StandingStill
from mock_mindvideo.virtual.story import place
from mock_mindvideo.virtual.threads import put
from mock_mindvideo.virtual.timeline import Timeline
from mock_mindvideo.virtual.waiter import Waiter

#: Seconds for which a run of trio waits where it has nothing to wait for.
LONGEST = 86_400

_Wait = Callable[[Any, float], Any]


def lead_trio(timeline: Timeline) -> Iterator[Undo]:
    """Lead runs to virtual time, where trio is used."""
    if (kind := place_of_waiting()) is not None:
        yield put(kind, "get_events", _get_events(timeline, kind.get_events))


def _get_events(timeline: Timeline, original: _Wait) -> _Wait:
    def get_events(manager: Any, timeout: float) -> Any:
        if timeout <= 0 or not timeline.virtual():
            return original(manager, timeout)
        if (waiter := _waiter(timeout)) is None:
            return original(manager, timeout)
        return original(manager, 0) or _wait(timeline, manager, waiter, original)

    return get_events


def _waiter(timeout: float) -> Waiter | None:
    """Who waits, and for how long; None for a run with a clock of its own."""
    import trio  # noqa: PLC0415 - it runs

    waiter = Waiter(None, "a run of trio")
    waiter.seconds = None if timeout >= LONGEST else timeout
    if not trio.lowlevel.in_trio_run():  # it is a guest, and waits beside its host's thread
        return waiter
    if has_own_clock():
        return None
    statistics, root = trio.lowlevel.current_statistics(), trio.lowlevel.current_root_task()
    seconds = statistics.seconds_to_next_deadline
    waiter.seconds = None if math.isinf(seconds) else seconds
    waiting = getattr(statistics.io_statistics, "tasks_waiting_read", 1)
    waiter.outside = waiting > 1  # the first is trio's own, to be woken by
    waiter.busy = lambda: waiter.outside and _waits_for_a_peer(root)
    waiter.tasks = lambda: sorted(_tasks(root))
    return waiter


def _wait(timeline: Timeline, manager: Any, waiter: Waiter, original: _Wait) -> Any:
    found: list[Any] = []

    def block(seconds: float) -> bool:
        if readable(watched(manager), seconds):
            waiter.heard = True  # before it is taken: trio is told but once
            found[:] = original(manager, 0)
        return waiter.heard

    waiter.block, waiter.ready = block, lambda: readable(watched(manager))
    began = timeline.elapsed()
    try:
        timeline.wait(waiter.seconds, waiter)
    except StandingStill as error:
        end_run(error)
    if waiter.due:
        timeline.naps.append((timeline.elapsed() - began) / 1e6)
    return found or original(manager, 0)


def _tasks(root: Any) -> Iterator[str]:
    """A line for each task of the application's."""
    for task, frames in _waiting(root):
        if not task.name.startswith(("trio.", "<init>")):
            own = [each for each in frames if package_of(each) != "trio"]
            yield f"{task.name}" + (f" at {place(own[-1])}" if own else "")


def _waits_for_a_peer(root: Any) -> bool:
    """Whether a task waits for the answer of a peer."""
    for _, frames in _waiting(root):
        if any(map(asks_a_peer, frames)) and package_of(frames[-1]) != "mock_mindvideo":
            return True
    return False


def _waiting(root: Any) -> Iterator[tuple[Any, Sequence[FrameType]]]:
    """Each task of a run, and the frames in which it waits, the innermost last."""
    waiting: list[Any] = [root]
    while waiting:
        task = waiting.pop()
        waiting += [each for nursery in task.child_nurseries for each in nursery.child_tasks]
        if frames := [frame for frame, _ in task.iter_await_frames()]:
            yield task, frames
