"""The tasks of a world a page at a time, the newest first, for an API that lists them."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_mindvideo.domain.work import Work
from mock_mindvideo.worlds.views import View

#: Tasks that are looked at in one step.
_STEP = 64


@dataclass(frozen=True, slots=True)
class PageWish:
    """What is asked for: `size` tasks after the first `skip`, of those made before `before`.

    `before` is a task's number; None leaves each of the last three open.
    """

    size: int
    skip: int = 0
    before: int | None = None
    statuses: frozenset[str] | None = None
    model: str | None = None

    def fits(self, view: View) -> bool:
        """Whether a task is one of those that are listed, on whatever page."""
        return (self.statuses is None or view.status in self.statuses) and (
            self.model is None or view.task.model == self.model
        )

    def is_ahead(self, view: View) -> bool:
        """Whether it comes after the one that the client has seen last."""
        return self.before is None or view.task.number < self.before


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks, the newest first; how many there are altogether, and whether more come after these."""

    views: tuple[View, ...]
    total: int
    more: bool


def counted(views: Iterable[View], wanted: PageWish) -> Work[tuple[int, int]]:
    """How many tasks fit, and how many of those come after the one that was seen last."""
    total = ahead = 0
    for index, view in enumerate(views):
        if wanted.fits(view):
            total += 1
            ahead += wanted.is_ahead(view)
        if index % _STEP == 0:
            yield
    return total, ahead


def taken(views: Iterable[View], wanted: PageWish, total: int, ahead: int) -> Work[TaskPage]:
    """The page, out of the same tasks in the same order, the oldest first."""
    end = max(0, ahead - wanted.skip)
    begin = max(0, end - wanted.size)
    found: list[View] = []
    place = 0
    for index, view in enumerate(views):
        if wanted.fits(view) and wanted.is_ahead(view):
            if begin <= place < end:
                found.append(view)
            place += 1
        if place >= end:
            break
        if index % _STEP == 0:
            yield
    return TaskPage(tuple(reversed(found)), total, begin > 0)
