"""What a store indexes of a task: when it ends, and what it then gives back of its estimate."""

from decimal import Decimal
from typing import NamedTuple

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, timeline

#: The end of a task that never ends by itself; later than any instant.
NEVER: Instant = 1 << 62


class Settlement(NamedTuple):
    """Derived from the facts whenever they are written, never the authority on anything."""

    ends_at: Instant
    refund: Decimal


def settlement(task: Task, lifecycle: Lifecycle) -> Settlement:
    """How the task ends as things stand."""
    last = timeline(task, lifecycle)[-1]
    if not lifecycle.ended(last.status):
        return Settlement(NEVER, Decimal(0))
    return Settlement(last.at, Decimal(task.estimate) - task.cost(last.status))
