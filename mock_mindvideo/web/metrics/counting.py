"""Tasks by their state, and what they cost, over all worlds as of now."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import UNCOUNTED, standing
from mock_mindvideo.domain.work import Work
from mock_mindvideo.stores import Store

#: The newest tasks of a world that are looked at.
MOST = 100_000


class Counted(NamedTuple):
    """How many tasks are in each state, and the sums of what is held and what was charged."""

    states: dict[str, int]
    held: Decimal
    charged: Decimal


def counted(store: Store, lifecycle: Lifecycle) -> Work[Counted]:
    """In short steps, since there may be many tasks."""
    states = Counter[str](dict.fromkeys(lifecycle.states, 0))
    held = charged = Decimal(0)
    for world in store.worlds():
        now = world.now(store.clock.real())
        for task in store.tasks(world.name, MOST):
            if task.number != UNCOUNTED:
                status, _ = standing(task, lifecycle, now)
                states[status] += 1
                if lifecycle.ended(status):
                    charged += task.cost(status)
                else:
                    held += Decimal(task.estimate)
            yield
    return Counted(dict(states), held, charged)
