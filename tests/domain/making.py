"""Values that the domain's properties speak of."""

import string
from typing import Any

from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.task import Move, Task, reached, timeline
from mock_mindvideo.domain.world import MANUAL, VIRTUAL_START, WorldState

LIFECYCLE = builtin_catalog().lifecycle

#: The shortest way between two states, written down by hand; a pair that is missing has none.
ROUTES = {
    ("queued", "processing"): ("processing",),
    ("queued", "succeeded"): ("processing", "succeeded"),
    ("queued", "failed"): ("failed",),
    ("queued", "cancelled"): ("cancelled",),
    ("processing", "succeeded"): ("succeeded",),
    ("processing", "failed"): ("failed",),
    ("processing", "cancelled"): ("cancelled",),
}

# Given by hand: to draw from all of Unicode, Hypothesis first builds a table for a second.
LETTERS = string.printable + "图视频é😀\x7f"

#: Moments long before the end of the calendar, close together so that they meet.
instants = st.integers(0, 60 * SECOND).map(lambda after: VIRTUAL_START + after)
waits = st.sampled_from([0, 1, SECOND]) | st.integers(0, 40 * SECOND)
money = st.decimals("0", "1000", places=4).map(str)


def make_task(**facts: Any) -> Task:
    """A task of the default plan, created at the virtual start, with other facts if given."""
    given: dict[str, Any] = {
        "id": "task_1",
        "request_id": "req_1",
        "number": 1,
        "model": "wan2-7-r2v",
        "input": b"{}",
        "created_at": VIRTUAL_START,
        "stays": LIFECYCLE.plan,
        "outcome": "succeeded",
        "error_code": "generation_failed",
        "error_message": "The model could not generate a result.",
        "estimate": "0.6165",
        "charge_on": "succeeded",
    }
    return Task(**(given | facts))


@st.composite
def planned(draw: st.DrawFn) -> Task:
    """A task with any plan, not touched by anybody."""
    return make_task(
        number=draw(st.integers(1, 1000)),
        created_at=draw(instants),
        stays=tuple((state, draw(waits)) for state in LIFECYCLE.waiting),
        outcome=draw(st.sampled_from(LIFECYCLE.outcomes)),
        estimate=draw(money),
        charge_on=" ".join(draw(st.sets(st.sampled_from(LIFECYCLE.terminal)))),
    )


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """A task with any plan, and any moves that were legal when they were made."""
    task, now = draw(planned()), VIRTUAL_START
    for wait in draw(st.lists(waits, max_size=3)):
        now = max(now, task.created_at) + wait
        status = reached(timeline(task, LIFECYCLE), now)[-1].status
        goals = [goal for start, goal in ROUTES if start == status]
        if goals:
            move: Move = (now, draw(st.sampled_from(goals)))
            task = task._replace(moves=(*task.moves, move))
    return task


def make_world(**facts: Any) -> WorldState:
    """A world whose clock stands at the virtual start, with other facts if given."""
    given: dict[str, Any] = {
        "name": "default",
        "seed": 7,
        "progress": MANUAL,
        "speed": 1.0,
        "anchor": VIRTUAL_START,
        "anchored": 0,
    }
    return WorldState(**(given | facts))
