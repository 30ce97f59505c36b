"""Tells the log what becomes of tasks, when it happens.

Nothing in the mock happens by itself: a task's state follows from its facts and the time. So
somebody has to look, at the moment that a task's next state falls due, and whenever its world was
moved. Only `serve` does, and only while its log shows it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from mock_mindvideo.domain.errors import MockError, Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.world import TIME
from mock_mindvideo.stores import Store
from mock_mindvideo.web.access_log import TOLD
from mock_mindvideo.web.threads import called
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service

logger = logging.getLogger("mock_mindvideo.transitions")

#: Tasks that are followed at once; the ones asked for longest ago are left first.
MOST = 200

#: Real seconds between two looks, so that a world that moves with each request costs no more.
PAUSE = 0.05

#: Real seconds between two looks at what other processes do, or whether the store is back.
OTHERS = 0.5


@dataclass(slots=True)
class _Followed:
    world: World
    #: How many of its states have been told; None until the first look.
    told: int | None
    #: Real seconds from the last look to its next state, None where nothing is planned.
    due: float | None = 0.0


class Transitions:
    """Follows the tasks that requests name, until they have ended."""

    def __init__(self, service: Service, store: Store) -> None:
        self._service = service
        self._store = store
        self._followed: OrderedDict[str, _Followed] = OrderedDict()
        self._look: Callable[[], None] = lambda: None

    def follow(self, world: World, task_id: str, *, new: bool) -> None:
        """Tell what becomes of a task; of one that is not `new`, what comes from now on."""
        if not logger.isEnabledFor(logging.INFO):
            return
        if task_id in self._followed:
            self._followed.move_to_end(task_id)
            return
        self._followed[task_id] = _Followed(world, 1 if new else None)
        if len(self._followed) > MOST:
            self._followed.popitem(last=False)
        self._look()

    async def run(self) -> None:
        """Look when something falls due, and when a world was moved, until cancelled."""
        moved = asyncio.Event()
        loop = asyncio.get_running_loop()

        def notice(world: str | None = None) -> None:
            loop.call_soon_threadsafe(moved.set)

        self._look = notice
        unsubscribe = self._store.subscribe(notice)
        try:
            while True:
                await _wait(moved, self._next())
                await asyncio.sleep(PAUSE)
                moved.clear()
                await called(self._tell, blocking=self._store.blocking)
        finally:
            unsubscribe()

    def _next(self) -> float | None:
        """Real seconds until something is due, None if nothing is."""
        waits = [each.due for each in self._followed.values() if each.due is not None]
        if self._followed and self._store.shared:
            waits.append(OTHERS)
        return min(waits, default=None)

    def _tell(self) -> None:
        try:
            if self._store.shared:
                self._store.poll()
            for task_id, followed in list(self._followed.items()):
                if self._is_over(task_id, followed):
                    self._followed.pop(task_id, None)
        except Unavailable:  # the store is away, and its tasks are told of when it is back
            for followed in self._followed.values():
                followed.due = OTHERS

    def _is_over(self, task_id: str, followed: _Followed) -> bool:
        """Tell what is new of a task; whether there is nothing more to come."""
        try:
            return self._tell_of(task_id, followed)
        except Unavailable:
            raise
        except MockError:  # its world was reset
            return True

    def _tell_of(self, task_id: str, followed: _Followed) -> bool:
        """Tell what is new of one task; whether it has ended."""
        world = followed.world
        view = self._service.glance(world, task_id)
        seen = len(view.steps) if followed.told is None else followed.told
        for before, step in zip(view.steps[seen - 1 :], view.steps[seen:], strict=False):
            _tell(task_id, before.status, step.status, world.name)
        followed.told = len(view.steps)
        followed.due = _seconds_until(view.due, world)
        return view.lifecycle.ended(view.status)


def _tell(task_id: str, old: str, new: str, world: str) -> None:
    told = {"task_id": task_id, "from": old, "to": new, "world": world}
    logger.info("%s %s -> %s  world: %s", task_id, old, new, world, extra={TOLD: told})


def _seconds_until(due: Instant | None, world: World) -> float | None:
    """Real seconds until the world's time is `due` by itself, None if it never is."""
    state = world.state
    if due is None or state.progress != TIME:
        return None
    return (due - world.now()) / SECOND / state.speed


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):  # something is due
        async with asyncio.timeout(None if seconds is None else max(0.0, seconds)):
            await event.wait()
