"""Steering a world: its clock, its scripts, its tasks, its keys and its credit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Unpack

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.control import Control
from mock_mindvideo.plugin.records import (
    RecordedLedger,
    RecordedRequest,
    RecordedTask,
    ledger_of,
    moment,
)
from mock_mindvideo.plugin.words import PlanWords, Progress, Words, in_words
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.virtual.in_force import catch_up

__tracebackhide__ = hidden
__unittest = True

#: As much as the control plane gives at once, which is more than it keeps.
ALL = "?limit=1000000"


class NoTask(LookupError):
    """There is no task yet that could be moved."""


@dataclass(frozen=True)
class ActiveScript:
    """A script of the world, and what came of it."""

    id: str
    text: str
    _control: Control

    @property
    def used(self) -> int:
        """How many requests it has fired for."""
        return int(self._now()["used"])

    @property
    def seen(self) -> int:
        """How many requests it was asked for."""
        return int(self._now()["seen"])

    @property
    def unused(self) -> bool:
        """Whether it has had no effect."""
        return bool(self._now()["unused"])

    def _now(self) -> Any:
        scripts = self._control.call("GET", "/scripts")["scripts"]
        return next(each for each in scripts if each["id"] == self.id)


@dataclass(frozen=True)
class CreatedKey:
    """A new API key: `secret` is what the application sends, `id` names it in `keys`."""

    id: str
    secret: str


class LimitsInForce(NamedTuple):
    """Tasks that are worked on at once, None without a limit; and quotas as they are written."""

    in_flight: int | None
    quotas: tuple[str, ...]


class Keys:
    """The world's API keys (D03)."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def __iter__(self) -> Iterator[dict[str, str | bool]]:
        """`{"id", "key" (masked), "world", "created_at", "disabled"}` of each."""
        return iter(self._control.call("GET", "/keys")["keys"])

    def create(self, secret: str | None = None) -> CreatedKey:
        """A new key of this world; `secret` is what the application will send, if that is fixed."""
        made = self._control.call("POST", "/keys", {} if secret is None else {"key": secret})
        return CreatedKey(made["id"], made["key"])

    def disable(self, key: CreatedKey | str) -> None:
        """Answer 403 to it from now on; a key or its id."""
        self._control.call("PATCH", f"/keys/{_id(key)}", {"disabled": True})

    def enable(self, key: CreatedKey | str) -> None:
        """Take it back to normal."""
        self._control.call("PATCH", f"/keys/{_id(key)}", {"disabled": False})

    def delete(self, key: CreatedKey | str) -> None:
        """Answer 401 to it from now on."""
        self._control.call("DELETE", f"/keys/{_id(key)}")


def _id(key: CreatedKey | str) -> str:
    return key if isinstance(key, str) else key.id


class Steering:
    """What a test can do to its world, through the control plane.

    Raises ControlError for what the control plane refuses, such as an illegal move.
    """

    _control: Control
    _scripted = False

    @property
    def now(self) -> datetime:
        """The world's time."""
        catch_up()
        return moment(self._control.call("GET", "/clock")["now"])

    @property
    def seed(self) -> int:
        """What decides ids and chances."""
        return int(self._control.call("GET", "/clock")["seed"])

    @property
    def progress(self) -> Progress:
        """What moves the clock: "polls", "manual" or "time"; can be set."""
        progress: Progress = self._control.call("GET", "/clock")["progress"]
        return progress

    @progress.setter
    def progress(self, progress: Progress) -> None:
        self._control.call("POST", "/clock", {"progress": progress})

    def freeze(self) -> None:
        """Let the clock stand until `advance`."""
        self.progress = "manual"

    def advance(self, seconds: float) -> list[dict[str, str]]:
        """Move the clock on; what fell due, in order: `{"at", "task_id", "status"}` each."""
        moved = self._control.call("POST", "/clock", {"advance": seconds})
        transitions: list[dict[str, str]] = moved["transitions"]
        catch_up()
        return transitions

    def start(self, task_id: str | None = None) -> RecordedTask:
        """Let a task begin now; without an id, the newest one."""
        return self._move("start", task_id, {})

    def succeed(self, task_id: str | None = None) -> RecordedTask:
        """Let a task succeed now; without an id, the newest one."""
        return self._move("succeed", task_id, {})

    def fail(
        self, task_id: str | None = None, *, error: str | None = None, message: str | None = None
    ) -> RecordedTask:
        """Let a task fail now, with an error's code and words; without an id, the newest one."""
        given = {"code": error, "message": message}
        form = {name: value for name, value in given.items() if value is not None}
        return self._move("fail", task_id, form)

    def cancel(self, task_id: str | None = None) -> RecordedTask:
        """Cancel a task now; without an id, the newest one."""
        return self._move("cancel", task_id, {})

    def script(self, text: str = "", **words: Unpack[Words]) -> ActiveScript:
        """Add a script, as text (`"status=503; times=2"`) or in words (`status=503, times=2`)."""
        full = "; ".join(part for part in (text, in_words(words)) if part)
        made = self._control.call("POST", "/scripts", {"script": full, "origin": "fixture"})
        self._scripted = True
        return ActiveScript(made["id"], made["script"], self._control)

    def next_task(self, **plan: Unpack[PlanWords]) -> ActiveScript:
        """Decide the next task's plan: `outcome`, `error`, `message`, `queued`, `processing`."""
        return self.script(in_words(plan), times=1)

    @property
    def scripts(self) -> tuple[ActiveScript, ...]:
        """Every script of the world that is not a single request's."""
        found = self._control.call("GET", "/scripts")["scripts"]
        return tuple(
            ActiveScript(each["id"], each["script"], self._control)
            for each in found
            if each["origin"] not in {"header", "magic"}
        )

    @property
    def unused_scripts(self) -> tuple[str, ...]:
        """The texts of the scripts that have had no effect."""
        if not self._scripted:  # most tests, which need not ask
            return ()
        return tuple(script.text for script in self.scripts if script.unused)

    @property
    def tasks(self) -> tuple[RecordedTask, ...]:
        """Every task, the oldest first."""
        found = self._control.call("GET", f"/tasks{ALL}")["tasks"]
        return tuple(RecordedTask(each) for each in found)

    def task(self, task_id: str) -> RecordedTask:
        """One task, without moving any clock."""
        return RecordedTask(self._control.call("GET", f"/tasks/{task_id}"))

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Every request, the oldest first."""
        found = self._control.call("GET", f"/requests{ALL}")["requests"]
        return tuple(RecordedRequest(each) for each in found)

    @property
    def forgotten_requests(self) -> int:
        """How many older requests the journal has dropped for lack of room."""
        return int(self._control.call("GET", "/requests?limit=1")["forgotten"])

    @property
    def newest_request(self) -> RecordedRequest | None:
        """The last request, None where there is none yet."""
        found = self._control.call("GET", "/requests?limit=1")["requests"]
        return RecordedRequest(found[0]) if found else None

    @property
    def ledger(self) -> RecordedLedger:
        """Holds, charges and releases as of now."""
        return ledger_of(self._control.call("GET", f"/ledger{ALL}"))

    @property
    def credit(self) -> Decimal | None:
        """What is left to spend in US dollars, None without a limit; can be set."""
        return self.ledger.credit

    @credit.setter
    def credit(self, credit: Decimal | str | float | None) -> None:
        text = None if credit is None else str(credit)
        self._control.call("POST", "/credit", {"credit": text})

    @property
    def limits(self) -> LimitsInForce:
        """The limits of the world."""
        now = self._control.call("GET", "/limits")
        return LimitsInForce(now["in_flight"], tuple(now["quotas"]))

    def limit(self, in_flight: int | None = None, quota: str | Iterable[str] | None = None) -> None:
        """Change the limits of the world; None leaves a limit, 0 and "none" remove it.

        Beyond `in_flight` tasks the others stay queued. `quota` is requests in a window of so many
        seconds ("10/1", "1000/60"), or unfinished tasks ("tasks=20"); beyond it the answer is 429.
        """
        given: dict[str, object] = {} if in_flight is None else {"in_flight": in_flight or None}
        if quota is not None:
            given["quotas"] = [quota] if isinstance(quota, str) else list(quota)
        self._control.call("POST", "/limits", given)

    @property
    def keys(self) -> Keys:
        """The world's API keys."""
        return Keys(self._control)

    def _move(self, move: str, task_id: str | None, form: dict[str, str]) -> RecordedTask:
        if task_id is None:
            newest = self._control.call("GET", "/tasks?limit=1")["tasks"]
            if not newest:
                raise NoTask(f"there is no task to {move} yet")
            task_id = newest[0][PLATFORM.members.task_id]
        return RecordedTask(self._control.call("POST", f"/tasks/{task_id}/{move}", form))
