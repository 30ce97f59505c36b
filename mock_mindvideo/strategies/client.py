"""What the client machine asks of a client, and of what happens behind its back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mock_mindvideo.platform import PLATFORM

from .json_schema.values import Json


class Conflict(Exception):
    """What a client raises when the API answers 409 `idempotency_key_reused` (D11)."""


class BrokenPromise(AssertionError):
    """Something did not hold that always must; the calls that led there stand below it."""


class Client(Protocol):
    """What the machine asks of a client; tasks and events are the API's JSON, as mappings."""

    def submit(self, given: Mapping[str, Json], idempotency_key: str) -> Mapping[str, Json]:
        """Submit an input and give the task.

        Raises:
            Conflict: the idempotency key was used with another input.
            ConnectionError: the answer was lost and the client does not retry; the machine then
                submits the same again, as an application would.
        """

    def get(self, task_id: str) -> Mapping[str, Json]:
        """Give the task as it is now."""

    def follow(self, task_id: str, after: int) -> Iterable[Mapping[str, Json]]:
        """Give the task's events after that sequence number; 0 for all.

        It may end with the latest event or wait for more; the machine takes no more than there
        are, and reads to the end only if the task has ended.
        """


class Backstage(Protocol):
    """What the machine does behind the client's back, and sees there."""

    def advance(self, seconds: float) -> object:
        """Let time pass."""

    def cancel(self, task_id: str) -> object:
        """Cancel a task; if it has ended, which the client did not see, leave it as it is."""

    def drop(self) -> object:
        """Let the answer to the next submit get lost, after the task is stored."""

    def charged(self) -> Sequence[str]:
        """Give the task id of every charge, one for each time that money was held."""


class Onlooker(Backstage, Protocol):
    """A backstage that sees more, so that more is found; `ControlPlane` does."""

    def task(self, task_id: str) -> Mapping[str, Json]:
        """Give a task with its `status`, and the `input` and `idempotency_key` that arrived."""

    def requests(self) -> Sequence[Mapping[str, Json]]:
        """Give the latest requests, newest last, each with `method`, `path`, `status`, `answer`."""


@dataclass(slots=True)
class Business:
    """One business request: idempotency key and input, its task as last seen, the events so far."""

    name: str
    idempotency_key: str
    given: Mapping[str, Json]
    task: Mapping[str, Json]
    events: list[Mapping[str, Json]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Give the task's id."""
        return str(self.task[PLATFORM.members.task_id])

    @property
    def status(self) -> str:
        """Give the status last seen."""
        return str(self.task[PLATFORM.members.status])


def must(holds: bool, complaint: str) -> None:
    """Complain if it does not hold."""
    if not holds:
        raise BrokenPromise(complaint)
