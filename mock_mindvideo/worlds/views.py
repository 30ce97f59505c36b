"""Tasks as they are at a moment."""

from dataclasses import dataclass

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task, Transition, reached, timeline


@dataclass(slots=True)
class View:
    """A task as of the moment `at`: its status, and when it enters its next state."""

    task: Task
    lifecycle: Lifecycle
    at: Instant
    status: str
    due: Instant | None

    @property
    def steps(self) -> tuple[Transition, ...]:
        """The states it has entered, in order."""
        return reached(timeline(self.task, self.lifecycle), self.at)


@dataclass(slots=True)
class Submitted:
    """The answer to a submit. `replayed` if the key had a task already."""

    view: View
    replayed: bool
