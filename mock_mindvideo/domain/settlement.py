"""What a store indexes of a task: when it ends, and what it then gives back of its estimate."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, cost, planned_course, timeline

#: The end of a task that never ends by itself; later than any instant.
NEVER: Instant = 1 << 62

_NOTHING = Decimal(0)


class Settlement(NamedTuple):
    """Derived from the facts whenever they are written, never the authority on anything."""

    ends_at: Instant
    refund: Decimal


def settlement(task: Task, lifecycle: Lifecycle) -> Settlement:
    """How the task ends as things stand."""
    if task.moves:
        at, status = timeline(task, lifecycle)[-1]
    else:
        after, status = planned_course(task.stays, task.outcome, task.waits)[-1]
        at = task.created_at + after
    if at >= NEVER or not lifecycle.ended(status):
        return Settlement(NEVER, _NOTHING)
    return Settlement(at, _given_back(task.estimate, task.charge_on, status))


@lru_cache(maxsize=4096)
def _given_back(estimate: str, charge_on: str, status: str) -> Decimal:
    return _NOTHING if cost(estimate, charge_on, status) else Decimal(estimate)
