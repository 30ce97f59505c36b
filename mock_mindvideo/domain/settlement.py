"""What a store indexes of a task: when it ends, and what it then gives back of its estimate."""

from decimal import Decimal
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import STUCK, Lifecycle
from mock_mindvideo.domain.task import Task, timeline

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
    else:  # the plan as it is, which nearly every task follows
        at, status = task.created_at + sum([stay for _, stay in task.stays]), task.outcome
    if status == STUCK or not lifecycle.ended(status):
        return Settlement(NEVER, _NOTHING)
    charged = status in task.charge_on.split()
    return Settlement(at, _NOTHING if charged else Decimal(task.estimate))
