"""What a journal shows as interactions: the state each needs, and what must be alike."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mock_mindvideo.contract.exchange import JSON
from mock_mindvideo.contract.traffic.recorded import Recorded
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.platform.value import TASK_ID

#: What differs from run to run, and what it looks like; without a pattern, only its type counts.
_VARYING = {
    PLATFORM.members.request_id: f"^{PLATFORM.ids.request}[0-9A-Za-z_-]+$",
    PLATFORM.members.task_id: f"^{PLATFORM.ids.task}[0-9A-Za-z_-]+$",
    "event_id": f"^{PLATFORM.ids.event}[0-9A-Za-z_-]+$",
    "created_at": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T.+$",
    "url": "^https?://.+$",
    "message": "",
}
_KEPT_HEADERS = {"content-type": "Content-Type", "accept": "Accept"}
_IDEMPOTENCY_KEY = PLATFORM.headers.idempotency_key.lower()
_BOUND_HEADERS = {
    _IDEMPOTENCY_KEY: PLATFORM.headers.idempotency_key,
    "last-event-id": "Last-Event-ID",
}


@dataclass(frozen=True, slots=True)
class Interaction:
    """One exchange as a pact has it. `rules` are paths into the answer with their patterns.

    `expression` is the path with what the provider's state fills in, where it does.
    """

    description: str
    states: tuple[Mapping[str, Any], ...]
    method: str
    path: str
    query: Mapping[str, list[str]]
    expression: str | None
    headers: Mapping[str, str]
    body: Any
    status: int
    answer: Any
    rules: tuple[tuple[str, str], ...]


def interactions(test: str, entries: Sequence[Recorded]) -> Iterator[Interaction]:
    """The exchanges of one test; those that no other run could repeat are left out."""
    bodies: dict[str, Any] = {}
    for entry in entries:
        answer = _json(entry.answer)
        sent = _json(entry.body)
        if entry.disturbed or answer is None or (entry.submits and sent is None):
            continue
        yield _interaction(test, entry, sent, answer, bodies)
        key = entry.headers.get(_IDEMPOTENCY_KEY)
        if key is not None and 200 <= entry.status < 300:
            bodies.setdefault(key, sent)


def _interaction(
    test: str, entry: Recorded, sent: Any, answer: Any, bodies: Mapping[str, Any]
) -> Interaction:
    states = tuple(_states(entry, answer, bodies))
    filled = entry.status == 200 and entry.method == "GET"
    return Interaction(
        description=f"{test}: {entry.method} {entry.path}, entry {entry.number}",
        states=states,
        method=entry.method,
        path=entry.path,
        query=parse_qs(urlsplit(entry.url).query, keep_blank_values=True),
        expression=_expression(entry.path) if filled else None,
        headers=_headers(entry),
        body=sent if entry.submits else None,
        status=entry.status,
        answer=answer,
        rules=tuple(_rules(answer, "$")),
    )


def _states(entry: Recorded, answer: Any, bodies: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    key = entry.headers.get(_IDEMPOTENCY_KEY)
    if entry.status == 402:
        yield {"name": "a key without credit", "params": {}}
    elif entry.method == "GET" and entry.status == 200:
        yield {"name": "a task", "params": _params(answer)}
    elif key in bodies and key is not None:
        params = {"idempotency_key": key, "body": bodies[key], "status": _status(answer)}
        yield {"name": "a used idempotency key", "params": params}
    else:
        yield {"name": "a key with credit", "params": {}}


def _params(answer: Any) -> dict[str, Any]:
    task = answer
    if isinstance(answer, dict) and isinstance(answer.get("events"), list) and answer["events"]:
        task = answer["events"][-1].get("task", {})
    error = task.get(PLATFORM.members.error, {}) if isinstance(task, dict) else {}
    return {"status": _status(task)} | ({"code": error["code"]} if "code" in error else {})


def _status(answer: Any) -> str:
    return (
        str(answer.get(PLATFORM.members.status, "queued")) if isinstance(answer, dict) else "queued"
    )


def _expression(path: str) -> str:
    """The path with the task's id left to the provider's state."""
    paths = PLATFORM.paths
    template = paths.events if paths.to_events.fullmatch(path) else paths.show
    return template.replace(TASK_ID, "${task_id}")


def _headers(entry: Recorded) -> dict[str, str]:
    """The headers that matter; the documentation's key in place of the masked one."""
    named = {**_KEPT_HEADERS, **_BOUND_HEADERS}
    found = {shown: entry.headers[name] for name, shown in named.items() if name in entry.headers}
    if entry.status not in (401, 403):
        found["Authorization"] = PLATFORM.keys.authorization(DOCUMENTED_KEY)
    if entry.method == "GET" and PLATFORM.paths.to_events.fullmatch(entry.path):
        found["Accept"] = JSON
    return found


def _rules(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, child in value.items():
            if name in _VARYING and isinstance(child, str):
                yield f"{path}.{name}", _VARYING[name]
            else:
                yield from _rules(child, f"{path}.{name}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _rules(child, f"{path}[{index}]")


def _json(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
