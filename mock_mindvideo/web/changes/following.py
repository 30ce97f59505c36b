"""Follows one world: what its store recorded, and what time brought about, in one order."""

import orjson

from mock_mindvideo.domain.errors import TaskNotFound
from mock_mindvideo.domain.instant import Instant, rfc3339
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.task import Task, Transition, reached, timeline
from mock_mindvideo.domain.work import Work
from mock_mindvideo.stores import Store
from mock_mindvideo.web.changes.log import Log
from mock_mindvideo.web.changes.plans import PlannedState, Plans, Told, step_due
from mock_mindvideo.web.changes.shown import fired_told, step_told
from mock_mindvideo.web.control.views import request_view
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service

#: What was recorded is read so many entries at a time.
_PAGE = 32

#: Why a reader may have missed something.
DROPPED = "the journal dropped requests before they were read; its bound is too small for that"


class Follower:
    """Brings the log of one world up to now, whenever it is asked to.

    States that were planned before a request came stand before it; what it brought about, after it.
    """

    def __init__(self, service: Service, store: Store, log: Log) -> None:
        self._service = service
        self._store = store
        self._log = log
        self._plans = Plans()
        self._last: int | None = None

    def catch_up(self, world: World) -> Work[None]:
        """Add what is new; the first time, only find out from where on."""
        if self._last is None:
            yield from self._begin(world)
        now, last = world.now(), self._last
        while True:
            found = self._store.recorded(world.name, last, _PAGE)
            if found.lost and found.last != last:
                self._log.clear()
                self._log.add("gap", {"reason": DROPPED})
            for number, entry in found.entries:
                yield from self._row(world, entry)
                self._last = number
            last = self._last = found.last
            yield
            if len(found.entries) < _PAGE:
                break
        yield from self._pass_time(world, now)

    def _begin(self, world: World) -> Work[None]:
        last = self._store.recorded(world.name, None, 0).last
        now, lifecycle = world.now(), self._service.catalog.lifecycle
        for task in self._store.unfinished(world.name, now):
            states = len(reached(timeline(task, lifecycle), now))
            self._plans.put(task, lifecycle, Told(states, len(task.moves)))
            yield
        self._last = last

    def _pass_time(self, world: World, until: Instant) -> Work[None]:
        """Tell the states that fell due by then, in the order of time."""
        while (due := self._plans.take(until)) is not None:
            self._fall_due(world, due)
            yield

    def _fall_due(self, world: World, due: PlannedState) -> None:
        task = self._task(world, due.task_id)
        if task is not None and step_due(task, due, self._service.catalog.lifecycle):
            told = self._plans.told(task.id)
            self._enter(task, due.state, Told(due.state + 1, told.moves if told else 0))

    def _row(self, world: World, entry: Entry) -> Work[None]:
        if entry.act == "reset":
            self._plans.clear()
            self._log.clear()
        else:
            yield from self._pass_time(world, entry.at)
        if entry.act is None:
            self._request(world, entry)
        elif entry.act == "task":
            self._created(world, entry)
        elif entry.act == "move":
            self._moved(world, entry)
            yield from self._replan(world, entry.at)
        elif entry.act == "limits":
            self._log.add(entry.act, {"at": rfc3339(entry.at), **orjson.loads(entry.body)})
            yield from self._replan(world, entry.at)
        else:
            self._log.add(entry.act, {"at": rfc3339(entry.at), **orjson.loads(entry.body)})

    def _request(self, world: World, entry: Entry) -> None:
        self._log.add("request", request_view(entry))
        for kind, told in fired_told(entry):
            self._log.add(kind, told)
        if entry.method == "POST" and entry.task_id is not None:
            self._created(world, entry)

    def _created(self, world: World, entry: Entry) -> None:
        """Tell of the task that a request made; one that it found was told with another."""
        task = self._task(world, entry.task_id or "")
        if task is None or entry.request_id not in ("", task.request_id):
            return
        now = max(entry.at, task.created_at)
        steps = timeline(task, self._service.catalog.lifecycle)
        moved = min((at for at, _ in task.moves), default=None)
        reach = [step for step in steps if step.at <= now and (moved is None or step.at < moved)]
        self._enter(task, 0, Told(len(reach) or 1, 0))

    def _moved(self, world: World, entry: Entry) -> None:
        """Tell the states that the control plane took a task through."""
        task = self._task(world, entry.task_id or "")
        if task is not None:
            move = orjson.loads(entry.body)
            before, status = move["before"], move["status"]
            steps = timeline(task, self._service.catalog.lifecycle)
            after = before + _entered(steps[before:], entry.at, status)
            told = self._plans.told(task.id)
            self._enter(task, told.states if told else before, Told(after, move["moves"]))

    def _replan(self, world: World, at: Instant) -> Work[None]:
        """What waits for others may go on at another time than was planned."""
        if world.state.limits is None:
            return
        for task in self._store.unfinished(world.name, at):
            if (told := self._plans.told(task.id)) is not None:
                self._plans.put(task, self._service.catalog.lifecycle, told)
            yield

    def _enter(self, task: Task, first: int, told: Told) -> None:
        """Tell the task's states from number `first` on, after which so much was told."""
        lifecycle = self._service.catalog.lifecycle
        for index in range(first, told.states):
            for kind, shown in step_told(task, index, lifecycle):
                self._log.add(kind, shown)
        self._plans.put(task, lifecycle, told)

    def _task(self, world: World, task_id: str) -> Task | None:
        try:
            return self._store.task(world.name, task_id)
        except TaskNotFound:
            self._plans.forget(task_id)
            return None


def _entered(steps: tuple[Transition, ...], at: Instant, status: str) -> int:
    """How many of the next states a move at that moment led through, `status` being the last."""
    for index, step in enumerate(steps, 1):
        if step.at > at:
            return index - 1
        if step.status == status:
            return index
    return len(steps)
