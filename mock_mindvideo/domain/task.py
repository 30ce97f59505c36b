"""A task: facts that never change by themselves, and the status derived from them and `now`."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from mock_mindvideo.domain.instant import LAST, Instant
from mock_mindvideo.domain.lifecycle import STUCK, Lifecycle, Stays

#: An intervention from the control plane: when, and to which state.
Move = tuple[Instant, str]


#: The number of a task that nobody submitted: nobody pays for it, and the first id is not its own.
UNCOUNTED = 0


class Transition(NamedTuple):
    """A task entering a state."""

    at: Instant
    status: str


class Task(NamedTuple):
    """The facts of one task. Amounts are decimal strings in US dollars.

    First what it has from its model and plan, as nearly all tasks of a world have it.
    `number` counts the world's submitted tasks from 1. `waits` are the microseconds that it stays
    in its first state beyond the plan, since others are in flight (see `in_flight.py`).
    A tuple of atoms, so that a store can keep it as it is and the garbage collector need
    not look at it. `input` is the canonical JSON of the request's input.
    """

    model: str
    stays: Stays
    outcome: str
    error_code: str
    error_message: str
    estimate: str
    charge_on: str
    id: str
    request_id: str
    number: int
    input: bytes
    created_at: Instant
    moves: tuple[Move, ...] = ()
    idempotency_key: str | None = None
    script: str | None = None
    waits: int = 0

    def cost(self, status: str) -> Decimal:
        """What the task costs once it ended as `status`."""
        return cost(self.estimate, self.charge_on, status)


@lru_cache(maxsize=4096)
def cost(estimate: str, charge_on: str, status: str) -> Decimal:
    """What a task of that estimate costs once it ended as `status`."""
    return Decimal(estimate) if status in charge_on.split() else Decimal(0)


@lru_cache(maxsize=4096)
def planned_course(stays: Stays, outcome: str, waits: int = 0) -> tuple[tuple[int, str], ...]:
    """Which state a task enters how long after it was created, if nobody moves it.

    Nearly all tasks follow one of a few plans, so what follows from a plan is remembered.
    """
    course, after = [], 0
    if waits:
        stays = longer(stays, waits)
    for state, stay in stays:
        course.append((after, state))
        after += stay
    return tuple(course if outcome == STUCK else [*course, (after, outcome)])


def longer(stays: Stays, waits: int) -> Stays:
    """Stays of which the first is longer by `waits` microseconds."""
    (state, stay), *others = stays
    return ((state, stay + waits), *others)


def standing(task: Task, lifecycle: Lifecycle, now: Instant) -> tuple[str, Instant | None]:
    """The task's status at `now`, and when it enters its next state, if it does by itself."""
    course, begin = planned_course(task.stays, task.outcome, task.waits), task.created_at
    last, outcome = course[-1]
    if task.moves or begin + last > LAST:
        course, begin = timeline(task, lifecycle), 0
    elif begin + last <= now:
        return outcome, None
    status = course[0][1]
    for after, following in course[1:]:
        if begin + after > now:
            return status, begin + after
        status = following
    return status, None


def timeline(task: Task, lifecycle: Lifecycle) -> tuple[Transition, ...]:
    """Every state the task enters, past and planned, in order. A move overrides the plan."""
    entered = [Transition(task.created_at, lifecycle.initial)]
    for at, status in task.moves:
        _follow_plan(entered, task, until=at)
        entered += (Transition(at, step) for step in lifecycle.route(entered[-1].status, status))
    _follow_plan(entered, task, until=LAST)
    return tuple(entered)


def _follow_plan(entered: list[Transition], task: Task, until: Instant) -> None:
    """Add the planned transitions after the last one entered, as far as `until`."""
    at, current = entered[-1]
    following = [*[state for state, _ in task.stays[1:]], task.outcome]
    for (state, stay), after in zip(longer(task.stays, task.waits), following, strict=True):
        if state == current:
            at += stay
            if after == STUCK or at > until:
                return
            current = after
            entered.append(Transition(at, current))


def reached(steps: tuple[Transition, ...], now: Instant) -> tuple[Transition, ...]:
    """The part of a timeline that has happened by `now`; never empty."""
    for index, step in enumerate(steps):
        if step.at > now:
            return steps[: index or 1]
    return steps
