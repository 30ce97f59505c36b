"""What tasks will do by themselves: which state each enters next, and when."""

from heapq import heappop, heappush
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, Transition, timeline


class PlannedState(NamedTuple):
    """The state of that number of a task falls due. In the order of time, then of tasks."""

    at: Instant
    number: int
    state: int
    task_id: str


class Told(NamedTuple):
    """How many of a task's states were told, and how many of its moves."""

    states: int
    moves: int


class Plans:
    """The next planned state of each unfinished task, and what was told of it.

    States that the control plane brings about are not planned: they are told with its move.
    """

    def __init__(self) -> None:
        self._due: list[PlannedState] = []
        self._told: dict[str, Told] = {}

    def told(self, task_id: str) -> Told | None:
        """What was told of a task, None where that is not known here."""
        return self._told.get(task_id)

    def put(self, task: Task, lifecycle: Lifecycle, told: Told) -> None:
        """So much was told of the task; its next state falls due in time, or by a move."""
        steps = timeline(task, lifecycle)
        if told.states >= len(steps):
            self._told.pop(task.id, None)
            return
        self._told[task.id] = told
        at = steps[told.states].at
        if all(moved != at for moved, _ in task.moves[told.moves :]):
            heappush(self._due, PlannedState(at, task.number, told.states, task.id))

    def take(self, until: Instant) -> PlannedState | None:
        """What falls due next, None if that is later than `until`."""
        while self._due and self._due[0].at <= until:
            due = heappop(self._due)
            told = self._told.get(due.task_id)
            if told is not None and told.states == due.state:
                return due
        return None

    def forget(self, task_id: str) -> None:
        """The task is gone."""
        self._told.pop(task_id, None)

    def clear(self) -> None:
        """The world was reset."""
        self._due.clear()
        self._told.clear()


def step_due(task: Task, due: PlannedState, lifecycle: Lifecycle) -> Transition | None:
    """The state that fell due; None if the task was moved meanwhile, which its move tells."""
    steps = timeline(task, lifecycle)
    if due.state < len(steps) and steps[due.state].at == due.at:
        return steps[due.state]
    return None
