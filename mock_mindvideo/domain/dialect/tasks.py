"""Tasks as a dialect shows them: other words for states, other members, nulls."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from mock_mindvideo.domain.dialect.template import ABSENT, filled
from mock_mindvideo.domain.instant import SECOND, Instant, rfc3339
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.representation import Output, task_body
from mock_mindvideo.domain.task import Task, timeline
from mock_mindvideo.platform import PLATFORM

#: The members that the documentation has, by what templates call them: `{estimate}`.
MEMBERS: Mapping[str, str] = {
    name: member
    for name, member in asdict(PLATFORM.members).items()
    if name not in {"model", "input"}
}

#: Members that a task does not have from the start.
LATER = frozenset({"cost", "output", "error"})

#: Moments of a task: as RFC 3339 `{created_at}`, in whole seconds since 1970 `{created}`.
MOMENTS = ("created", "started", "updated", "ended")

#: What else of a task a template can name.
MORE = ("model", "progress", "url", *MOMENTS, *(f"{each}_at" for each in MOMENTS))

NAMES = (*MEMBERS, *MORE)

#: What the template of a failed task's error can name.
ERROR_NAMES = ("code", "message")

#: The task in the answer to the submit that made it, as `bodies` call it.
SUBMITTED = "submitted"

#: What single templates can be for.
BODIES = (SUBMITTED, "queued", "processing", "succeeded", "failed", "cancelled")

ShowTask = Callable[[Task, str, Lifecycle, Output], dict[str, Any]]


class TaskForm:
    """`tasks` in the platform's file. `shown` makes the task as of a status, `submitted` a new one.

    `body` is the template, `bodies` are those of single states. `schemas` say what stands where a
    template has a constant, by pointer from `tasks`; of a member that no template has, that it may
    be there. `names_looks` is whether a task shows the id of the request that asks for it, instead
    of its submit's. Where the file says what the documentation says, `shown` is `task_body` itself.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.states: Mapping[str, str] = raw["states"]
        self.codes: Mapping[str, str] = raw.get("codes", {})
        self.body: Any = raw["body"]
        self.bodies: Mapping[str, Any] = raw.get("bodies", {})
        self.schemas: Mapping[str, Any] = raw.get("schemas", {})
        self.error: Any = raw["error"]
        self.nulls: bool = raw["nulls"]
        self.names_looks: bool = raw.get("request_ids") == "each"
        self.shown: ShowTask = task_body if self.plain else self._shown
        self.submitted: ShowTask = self._new if SUBMITTED in self.bodies else self.shown

    @property
    def plain(self) -> bool:
        """Whether tasks are just as the documentation has them."""
        return (
            not (self.nulls or self.codes or self.bodies or self.schemas)
            and all(state == word for state, word in self.states.items())
            and self.body == {member: f"{{{name}}}" for name, member in MEMBERS.items()}
            and self.error == {name: f"{{{name}}}" for name in ERROR_NAMES}
        )

    def word(self, status: str) -> str:
        """What a state is called."""
        return self.states.get(status, status)

    def _shown(
        self, task: Task, status: str, lifecycle: Lifecycle, output: Output
    ) -> dict[str, Any]:
        told = task_body(task, status, lifecycle, output)
        return self.translated(told, facts(task, status, lifecycle))

    def _new(self, task: Task, status: str, lifecycle: Lifecycle, output: Output) -> dict[str, Any]:
        told = task_body(task, status, lifecycle, output)
        return self.translated(told, facts(task, status, lifecycle), SUBMITTED)

    def translated(
        self, told: Mapping[str, Any], more: Mapping[str, Any], how: str = ""
    ) -> dict[str, Any]:
        """A task as the documentation has it, in this dialect; `more` are the values of MORE.

        `how` is one of the `bodies`, if not that of its state.
        """
        template = self.bodies.get(how or told[MEMBERS["status"]], self.body)
        values = {name: told.get(member, ABSENT) for name, member in MEMBERS.items()}
        values["status"] = self.word(values["status"])
        if values["error"] is not ABSENT:
            values["error"] = filled(self.error, self._renamed(values["error"]))
        values["url"] = link(values["output"])
        shown: dict[str, Any] = filled(template, {**values, **more}, nulls=self.nulls)
        return shown

    def _renamed(self, error: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**error, "code": self.codes.get(error["code"], error["code"])}


def facts(task: Task, status: str, lifecycle: Lifecycle) -> dict[str, Any]:
    """What else can be told of a task as of `status`.

    `progress` is in percent, by the states that are behind it: 0, 50 and 100 with the usual plan.
    """
    entered: dict[str, Instant] = {}
    for step in timeline(task, lifecycle):
        entered[step.status] = step.at
        if step.status == status:
            break
    begun = [at for state, at in entered.items() if state != lifecycle.initial]
    ended = entered[status] if lifecycle.ended(status) else None
    at = {
        "created": task.created_at,
        "started": begun[0] if begun else None,
        "updated": entered.get(status, task.created_at),
        "ended": ended,
    }
    done = lifecycle.waiting.index(status) if status in lifecycle.waiting else 0
    moments = {name: ABSENT if each is None else each // SECOND for name, each in at.items()}
    texts = {f"{name}_at": ABSENT if each is None else rfc3339(each) for name, each in at.items()}
    progress = 100 if ended is not None else 100 * done // len(lifecycle.waiting)
    return {"model": task.model, "progress": progress, **moments, **texts}


def having(name: str | None, lifecycle: Lifecycle) -> tuple[str, ...] | None:
    """The states in which a value is there; None where that does not go by the state."""
    table = {
        "cost": lifecycle.terminal,
        "ended": lifecycle.terminal,
        "ended_at": lifecycle.terminal,
        "output": ("succeeded",),
        "url": ("succeeded",),
        "error": ("failed",),
    }
    return table.get(name or "")


def link(output: Any) -> Any:
    """The first link of a task's results, ABSENT where there are none."""
    links = next(iter(output.values()), ()) if isinstance(output, Mapping) else ()
    return links[0]["url"] if links else ABSENT
