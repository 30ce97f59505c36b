"""What the tasks of a server would have cost, told at its end."""

import time

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.stores import Store
from mock_mindvideo.web.metrics.counting import counted

#: Seconds that are spent on adding it up; with millions of tasks the rest is left out.
PATIENCE = 2.0


def spend_told(store: Store, lifecycle: Lifecycle) -> str | None:
    """A line about all tasks that the store has; None where there is none, or the store is away."""
    try:
        work, until = counted(store, lifecycle), time.monotonic() + PATIENCE
        try:
            while time.monotonic() < until:
                next(work)
            return "spend: too many tasks to add up; GET /_mock/ledger does it for each world"
        except StopIteration as end:
            found = end.value
    except Unavailable:
        return None
    tasks = sum(found.states.values())
    if not tasks:
        return None
    charged, held = text(found.charged), text(found.held)
    return f"spend: {tasks} tasks would have cost {charged} USD, and {held} USD are held for more"
