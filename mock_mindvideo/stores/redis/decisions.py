"""What a decision was given to look at, and what it did look at: only that has to hold still."""

from collections.abc import Callable
from decimal import Decimal

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.task import Task
from mock_mindvideo.stores.base import Ground
from mock_mindvideo.stores.redis.worlds import NOTHING, Belief, Seen

#: What tasks gave back by a moment of the world seen; raises Overtaken where that is over.
RefundsAt = Callable[[Seen, Instant], Decimal]

#: From when on so few of its tasks have not ended; raises Overtaken likewise.
Free = Callable[[Seen, int], Instant]


class Overtaken(Exception):
    """Another process has changed what was looked at; the decision is made again."""


class WatchedGround(Ground):
    """A `Ground` that notes what is asked of it."""

    seen: Seen
    asked_number: bool
    asked_at: Instant | None
    asked_free: bool
    asked_own: bool
    left: bool
    waits_for: int | None

    @classmethod
    def of(
        cls, seen: Seen, refunds: RefundsAt, free: Free, *, left: bool = False
    ) -> "WatchedGround":
        """The ground of a decision on the world seen; how long a task waits may be `left` open."""

        def refunded(now: Instant) -> Decimal:
            ground.asked_at = now
            return refunds(seen, now)

        def free_at(most: int) -> Instant:
            ground.asked_number = ground.asked_free = True
            return free(seen, most)

        ground = cls(seen.state, seen.number + 1, refunded, free_at)
        ground.seen, ground.asked_number, ground.asked_at = seen, False, None
        ground.asked_free = ground.asked_own = False
        ground.left, ground.waits_for = left, None
        return ground

    @property
    def number(self) -> int:
        """The number of the next task."""
        self.asked_number = True
        return self.seen.number + 1

    def own_number(self) -> int:
        self.asked_own = True
        return self.number

    def waiting(self, task: Task, most: int) -> Task:
        """The same; one that is left open is what `waits_for` says."""
        if not self.left:
            return super().waiting(task, most)
        self.waits_for = most
        return task

    @property
    def asked_refunds(self) -> bool:
        """Whether it mattered what was given back."""
        return self.asked_at is not None

    def belief(self, *, paid: bool) -> Belief:
        """What has to be so when the decision is carried out; `paid` if it changed the sums."""
        seen, sums = self.seen, self.asked_refunds or paid
        return Belief(
            seen.version,
            str(seen.number) if self.asked_number else NOTHING,
            seen.books or "0" if sums or self.asked_free else NOTHING,
            str(seen.micros) if sums else NOTHING,
        )
