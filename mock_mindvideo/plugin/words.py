"""The words of scripts as Python says them, so that a type checker knows a wrong one."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, TypedDict, cast

from mock_mindvideo.domain.script import written

#: A JSON value as Python has it.
JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

Progress = Literal["polls", "manual", "time"]
Profile = Literal["default", "strict", "load"]
TaskOutcome = Literal["succeeded", "failed", "cancelled", "stuck"]
Point = Literal["request", "commit", "answer"]


class PlanWords(TypedDict, total=False):
    """What becomes of a task: its outcome, an error's code and words, seconds in each state.

    To draw seconds from a distribution, write the script: `"queued=lognormal(30,0.5)"`.
    """

    outcome: TaskOutcome
    error: str
    message: str
    queued: float
    processing: float
    webhook_drop: int
    webhook_duplicate: Literal[True]
    webhook_reorder: Literal[True]


class Words(PlanWords, total=False):
    """Every word of a script: `drop@after-commit` is `drop="after-commit"`, `retry-after` is
    `retry_after`; words that stand alone are True.

    `limit` is `"10/60"`: requests and seconds.
    """

    delay: float
    status: int
    retry_after: int
    drop: Literal["before-commit", "after-commit"]
    truncate: int
    malformed: Literal[True]
    drip: int
    cut: int
    duplicate: int
    heartbeats: float
    limit: str
    times: int
    skip: int
    probability: float
    method: str
    path: str


def in_words(words: PlanWords | Words) -> str:
    """The script that says `words`."""
    given = cast("Mapping[str, object]", words)
    return written(dict(_piece(name, value) for name, value in given.items()))


def _piece(name: str, value: object) -> tuple[str, str | None]:
    if name == "drop":
        return f"drop@{value}", None
    name = name.replace("_", "-")
    if isinstance(value, float):
        return name, f"{value:f}".rstrip("0").rstrip(".")
    return name, None if value is True else str(value)
