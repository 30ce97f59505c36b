"""The platform as a value, and what follows from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

#: Stands for the task's id in a path.
TASK_ID = "{task_id}"


@dataclass(frozen=True)
class Paths:
    """The path of each endpoint; `{task_id}` stands for the task's id."""

    submit: str
    show: str
    events: str

    @cached_property
    def root(self) -> str:
        """What every path of the API begins with, `/api/`."""
        return f"/{self.submit.split('/')[1]}/"

    @cached_property
    def to_task(self) -> "re.Pattern[str]":
        """The path of a task; its first group is the id."""
        return re.compile(with_group(self.show))

    @cached_property
    def to_events(self) -> "re.Pattern[str]":
        """The path of a task's events; its first group is the id."""
        return re.compile(with_group(self.events))

    @cached_property
    def anywhere(self) -> str:
        """A pattern of the API's paths and what stands under them, without groups."""
        return f"(?:{re.escape(self.submit)}|{re.escape(self.tasks)})(?:/.*)?"

    @property
    def tasks(self) -> str:
        """The path under which tasks stand, `/api/v1/tasks`."""
        return self.show.partition(f"/{TASK_ID}")[0]

    def show_of(self, task_id: str) -> str:
        return self.show.replace(TASK_ID, task_id)


@dataclass(frozen=True)
class HeaderNames:
    """The vendor's own headers, as they are written."""

    idempotency_key: str
    replayed: str
    request_id: str


@dataclass(frozen=True)
class KeyForms:
    """How API keys are sent, how they begin, and the documentation's own."""

    scheme: str
    realm: str
    live: str
    test: str
    documented: str

    @property
    def mark(self) -> str:
        """What stands in every key; empty where the two forms have nothing in common."""
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(self.live, self.test, strict=False))
        return "".join(one for one, _ in alike)

    @property
    def pattern(self) -> str:
        """A key, as a pattern without groups."""
        return f"(?:{self.live}|{self.test})[A-Za-z0-9_-]+"

    def authorization(self, key: str) -> str:
        """The value of an Authorization header with `key`."""
        return f"{self.scheme} {key}"


@dataclass(frozen=True)
class IdPrefixes:
    """How ids begin, and the form of what follows: `hex` or `uuid`."""

    task: str
    request: str
    event: str
    form: str


@dataclass(frozen=True)
class Members:
    """Members of the body of a submit (D01), and of a task as it is answered (D04, D12)."""

    model: str
    input: str
    request_id: str
    task_id: str
    status: str
    estimate: str
    cost: str
    output: str
    error: str


@dataclass(frozen=True)
class Platform:
    """The vendor's API over HTTP. `origin` is where the real one is.

    From `answers` on it is said how the API answers, which `domain/dialect` makes functions of.
    """

    origin: str
    paths: Paths
    headers: HeaderNames
    keys: KeyForms
    ids: IdPrefixes
    members: Members
    answers: Mapping[str, Any]
    errors: Mapping[str, Any]
    tasks: Mapping[str, Any]
    events: Mapping[str, Any]
    lifetimes: Mapping[str, Any]
    extensions: Mapping[str, Any]

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]


def with_group(template: str) -> str:
    """A pattern of a path; the task's id, if there is one in it, is its group."""
    return "([^/]+)".join(map(re.escape, template.split(TASK_ID)))
