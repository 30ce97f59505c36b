"""How values are written into a file that outlives the process, and read again."""

from dataclasses import asdict, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from mock_mindvideo.domain.fault import Fault
from mock_mindvideo.domain.limits import Quota, Window, WorldLimits
from mock_mindvideo.domain.script import PlanOverrides, Script
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState


class DamagedError(ValueError):
    """What was read is not what was written: the file is damaged."""


_TASK_JSON = frozenset(("stays", "moves"))


def encode_world(state: WorldState) -> str:
    """A world as JSON text; amounts are decimal strings, the seed too (it may exceed 64 bits)."""
    raw = {each.name: getattr(state, each.name) for each in fields(state)}
    del raw["limits"], raw["windows"]
    raw["scripts"] = list(map(_plain, state.scripts))
    raw["credit"] = None if state.credit is None else str(state.credit)
    raw["committed"] = str(state.committed)
    raw["seed"] = str(state.seed)
    raw |= _encoded_limits(state)
    return orjson.dumps(raw).decode()


@lru_cache(maxsize=256)
def decode_world(text: str) -> WorldState:
    """The world in `text`; the same text gives the same object. Raises DamagedError."""
    try:
        raw = orjson.loads(text)
        raw["scripts"] = tuple(_script(each) for each in raw["scripts"])
        raw["credit"] = None if raw["credit"] is None else Decimal(raw["credit"])
        raw["committed"] = Decimal(raw["committed"])
        raw["seed"] = int(raw["seed"])
        if raw.get("limits"):
            raw["limits"] = _limits(*raw["limits"])
        raw["windows"] = tuple(Window(*each) for each in raw.get("windows", ()))
        return WorldState(**raw)
    except (LookupError, TypeError, ValueError, ArithmeticError) as problem:
        raise DamagedError(f"a world cannot be read: {problem!r}") from None


def _encoded_limits(state: WorldState) -> dict[str, Any]:
    """WorldLimits and what was counted for them, as lists; most worlds have none."""
    given = state.limits
    limits = [given.in_flight, given.tasks, list(map(tuple, given.quotas))] if given else None
    members = {"limits": limits, "windows": list(map(tuple, state.windows))}
    return {name: value for name, value in members.items() if value}


def _limits(in_flight: int | None, tasks: int | None, quotas: list[list[int]]) -> WorldLimits:
    return WorldLimits(in_flight, tasks, tuple(Quota(*each) for each in quotas))


def encode_scripts(scripts: tuple[Script, ...]) -> str:
    """Scripts with their counts, as JSON text."""
    return orjson.dumps(list(map(_plain, scripts))).decode()


def decode_scripts(text: str) -> tuple[Script, ...]:
    """The scripts in `text`. Raises DamagedError."""
    try:
        return tuple(map(_script, orjson.loads(text)))
    except (LookupError, TypeError, ValueError) as problem:
        raise DamagedError(f"scripts cannot be read: {problem!r}") from None


def encode_task(task: Task) -> tuple[Any, ...]:
    """The columns of a task, in the order of its fields."""
    return tuple(
        orjson.dumps(value).decode() if name in _TASK_JSON else value
        for name, value in zip(Task._fields, task, strict=True)
    )


def decode_task(columns: tuple[Any, ...]) -> Task:
    """The task in those columns. Raises DamagedError."""
    try:
        return Task._make(
            _pairs(value) if name in _TASK_JSON else value
            for name, value in zip(Task._fields, columns, strict=True)
        )
    except (TypeError, ValueError) as problem:
        raise DamagedError(f"a task cannot be read: {problem!r}") from None


def _pairs(text: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(pair) for pair in orjson.loads(text))


def _plain(script: Script) -> dict[str, Any]:
    fault = None if script.fault is None else _members(script.fault)
    return script._asdict() | {"plan": _members(script.plan), "fault": fault}


@lru_cache(maxsize=1024)
def _members(part: PlanOverrides | Fault) -> dict[str, Any]:
    """The members of a script's part; equal ones share one dictionary, which is only read."""
    return asdict(part)


def _script(raw: dict[str, Any]) -> Script:
    fault = raw.get("fault") and _fault(raw["fault"])
    return Script(**(raw | {"plan": PlanOverrides(**raw["plan"]), "fault": fault}))


def _fault(raw: dict[str, Any]) -> Fault:
    return Fault(**(raw | {"limit": raw["limit"] and tuple(raw["limit"])}))
