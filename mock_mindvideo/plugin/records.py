"""What happened in a world, as the handle shows it: requests, tasks, the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.words import JsonValue
from mock_mindvideo.web.accept import choice


def moment(text: str) -> datetime:
    """A time of the world's clock."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class RecordedObject:
    """A JSON object of the control plane's."""

    raw: Mapping[str, JsonValue]

    def _get(self, name: str) -> Any:
        return self.raw[name]


class RecordedRequest(RecordedObject):
    """One request and its answer. `status` 0 says that the answer was lost on purpose."""

    @property
    def method(self) -> str:
        return str(self._get("method"))

    @property
    def target(self) -> str:
        """The path with its query, as it was sent."""
        return str(self._get("path"))

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def status(self) -> int:
        return int(self._get("status"))

    @property
    def code(self) -> str | None:
        """The error's code, None where there was no error."""
        return self._get("code")  # type: ignore[no-any-return]

    @property
    def task_id(self) -> str | None:
        return self._get("task_id")  # type: ignore[no-any-return]

    @property
    def request_id(self) -> str:
        return str(self._get("request_id"))

    @property
    def fault(self) -> str | None:
        """The script that disturbed it."""
        return self._get("fault")  # type: ignore[no-any-return]

    @property
    def plan(self) -> str | None:
        """The script that decided the plan of the task it made."""
        return self._get("plan")  # type: ignore[no-any-return]

    @property
    def advice(self) -> str | None:
        return self._get("advice")  # type: ignore[no-any-return]

    @cached_property
    def at(self) -> datetime:
        """When it came, by the world's clock."""
        return moment(self._get("at"))

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """By lower-case names; credentials are masked."""
        return {name.lower(): value for name, value in self._get("headers")}

    @property
    def text(self) -> str:
        """The body, up to 16 KiB of it."""
        return str(self._get("body"))

    @cached_property
    def json(self) -> JsonValue:
        """The body as a JSON value, None where it is none."""
        return _json(self.text)

    @cached_property
    def answer(self) -> JsonValue:
        """The answer's JSON, None where it is none."""
        return _json(str(self._get("answer")))

    @property
    def error(self) -> Mapping[str, JsonValue] | None:
        """The answer's error, None where it has none: `code`, `message`, `details`."""
        answer = self.answer
        error = (
            answer.get(PLATFORM.members.error) if isinstance(answer, dict) and self.code else None
        )
        return error if isinstance(error, dict) else None

    @property
    def is_stream(self) -> bool:
        """Whether it asked for events as they come."""
        wants_json = choice(self.headers.get("accept", "")).json
        return self.method == "GET" and self.path.endswith("/events") and not wants_json

    @property
    def retry_after(self) -> int | None:
        """How many of its own seconds the client was told to wait."""
        return self._get("retry_after")  # type: ignore[no-any-return]

    @property
    def line(self) -> str:
        """`POST /api/v1/tasks`, with the query."""
        return f"{self.method} {self.target}"


class RecordedTask(RecordedObject):
    """A task as it is now, and how it came to be."""

    @property
    def id(self) -> str:
        return str(self._get(PLATFORM.members.task_id))

    @property
    def status(self) -> str:
        return str(self._get(PLATFORM.members.status))

    @property
    def model(self) -> str:
        return str(self._get("model"))

    @property
    def input(self) -> dict[str, JsonValue]:
        return self._get("input")  # type: ignore[no-any-return]

    @property
    def idempotency_key(self) -> str | None:
        return self._get("idempotency_key")  # type: ignore[no-any-return]

    @property
    def script(self) -> str | None:
        """The script that decided its plan."""
        return self._get("script")  # type: ignore[no-any-return]

    @property
    def timeline(self) -> tuple[tuple[datetime, str], ...]:
        """When it entered each state, by the world's clock."""
        return tuple((moment(step["at"]), step["status"]) for step in self._get("timeline"))


@dataclass(frozen=True)
class LedgerEntry:
    """`hold`, `charge` or `release` of an amount in US dollars."""

    at: datetime
    kind: str
    task_id: str
    amount: Decimal


@dataclass(frozen=True)
class RecordedLedger:
    """Sums and entries in US dollars; `credit` is what is left to spend, None without a limit."""

    held: Decimal
    charged: Decimal
    credit: Decimal | None
    entries: tuple[LedgerEntry, ...]


def ledger_of(raw: Mapping[str, Any]) -> RecordedLedger:
    """The ledger from the control plane's JSON."""
    entries = tuple(
        LedgerEntry(moment(each["at"]), each["kind"], each["task_id"], Decimal(each["amount"]))
        for each in raw["entries"]
    )
    credit = None if raw["credit"] is None else Decimal(raw["credit"])
    return RecordedLedger(Decimal(raw["held"]), Decimal(raw["charged"]), credit, entries)


def _json(text: str) -> JsonValue:
    try:
        return orjson.loads(text)  # type: ignore[no-any-return]
    except orjson.JSONDecodeError:
        return None
