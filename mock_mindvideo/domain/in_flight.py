"""How many tasks of a world are worked on at once; those beyond stay queued, in their order.

A task leaves its first state once its own stay there is over and, of the tasks submitted before it,
fewer than so many have not ended. So nobody is held up by who comes later, and as long as no more
are unfinished, a bound changes nothing. When it may go on is decided when the task is made, from
the ends of those before it, and is one of its facts: reads derive its status as ever. Only where
somebody moves a task by hand are those behind it decided on anew.
"""

from collections.abc import Iterable, Iterator
from heapq import heappush, heappushpop

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import settlement
from mock_mindvideo.domain.task import UNCOUNTED, Task

#: Tasks that a bound can let through at once.
MOST = 100_000


def waiting(task: Task, free: Instant) -> Task:
    """The task as it waits until `free`, from when on one more may be in flight."""
    waits = max(0, free - ready(task))
    return task if waits == task.waits else task._replace(waits=waits)


def ready(task: Task) -> Instant:
    """When the task's own stay in its first state is over."""
    return task.created_at + (task.stays[0][1] if task.stays else 0)


class Flight:
    """The ends of tasks, one after the other, of which the `most` latest matter."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._latest: list[Instant] = []

    def add(self, ends_at: Instant) -> None:
        """One more task, that ends then."""
        if len(self._latest) < self.most:
            heappush(self._latest, ends_at)
        else:
            heappushpop(self._latest, ends_at)

    @property
    def free_at(self) -> Instant:
        """From when on fewer than `most` of them have not ended."""
        return self._latest[0] if len(self._latest) == self.most else 0


def rearranged(
    unfinished: Iterable[Task], lifecycle: Lifecycle, now: Instant, most: int | None
) -> Iterator[Task]:
    """The tasks whose waiting is another, since tasks before them were moved, or the bound was.

    `unfinished` are those that have not ended by `now`, in the order of their numbers. Those that
    were moved by hand, or are in flight, stay so. None lets all go on.
    """
    flight = Flight(most) if most else None
    for task in unfinished:
        if task.number == UNCOUNTED:
            continue
        after = task
        if not task.moves and ready(task) + task.waits > now:
            after = waiting(task, max(now, flight.free_at if flight else 0))
        if after is not task:
            yield after
        if flight is not None:
            flight.add(settlement(after, lifecycle).ends_at)
