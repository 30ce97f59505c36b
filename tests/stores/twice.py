"""A store on which every change runs twice, as it may on one that several machines share."""

from collections.abc import Callable
from contextlib import suppress

from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores import Alter, Ground, MemoryStore, Payload
from mock_mindvideo.stores.base import Admit, Decide, Rearrange, Result


class Lost(Exception):
    """Another machine was faster; the first run counts for nothing."""


class TwiceStore(MemoryStore):
    """A memory store whose first run of a change is undone."""

    def change(self, start: WorldState, alter: Alter[Result]) -> Result:
        def losing(ground: Ground) -> tuple[WorldState, Result]:
            alter(ground)
            raise Lost

        with suppress(Lost):
            super().change(start, losing)
        return super().change(start, alter)

    def create(
        self, start: WorldState, key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        return super().create(start, key, payload, _twice(admit))

    def move(self, start: WorldState, task_id: str, decide: Decide) -> Task:
        return super().move(start, task_id, _twice(decide))

    def rearrange(self, start: WorldState, decide: Rearrange) -> None:
        super().rearrange(start, _twice(decide))


def _twice(decide: Callable[..., Result]) -> Callable[..., Result]:
    def deciding(*seen: object) -> Result:
        decide(*seen)
        return decide(*seen)

    return deciding
