"""What shows only in several exchanges: a task's history, and the use of idempotency keys."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from mock_mindvideo.contract.traffic.answers import events, response
from mock_mindvideo.contract.traffic.recorded import Fault, Recorded
from mock_mindvideo.domain.errors import IllegalMove, MockError
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.payload import canonical, read_json

#: What a task never changes, and the fact that says so.
_CONSTANT = {"request_id": ("D12",), "cost_estimate": ("D04",), "cost_actual": ("D12",)}


def task_faults(entries: Sequence[Recorded], lifecycle: Lifecycle) -> Iterator[Fault]:
    """A task's status goes forward only, and what it once said stays so."""
    seen: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry.disturbed or entry.answer is None or entry.status >= 300:
            continue
        value = response(entry).value
        tasks = [value] if isinstance(value, dict) and "task_id" in value else []
        listed = events(entry)
        within: dict[str, dict[str, Any]] = {}
        for task in (each.get("task") for each in listed):
            if isinstance(task, dict):
                yield from _moves(entry, task, within, lifecycle)
        for task in tasks or [each.get("task") for each in listed[-1:]]:
            if isinstance(task, dict):
                yield from _moves(entry, task, seen, lifecycle)


def _moves(
    entry: Recorded, task: dict[str, Any], seen: dict[str, dict[str, Any]], lifecycle: Lifecycle
) -> Iterator[Fault]:
    """What this sight of a task says against the last; then it is the last."""
    name = str(task.get("task_id"))
    before = seen.get(name, {})
    was, now = before.get("status"), task.get("status")
    if was is not None and was != now and not _follows(lifecycle, was, now):
        yield _history(entry, f"the task was {was}, and is {now}", ("D08",))
    for member, facts in _CONSTANT.items():
        if member in before and member in task and before[member] != task[member]:
            words = f"{member} was {before[member]}, and is {task[member]}"
            yield _history(entry, words, facts)
    seen[name] = {**before, **task}


def _follows(lifecycle: Lifecycle, was: Any, now: Any) -> bool:
    if was not in lifecycle.states or now not in lifecycle.states:
        return True  # the document's schema has told of it already
    try:
        lifecycle.route(was, now)
    except IllegalMove:
        return False
    return True


def idempotency_faults(entries: Sequence[Recorded]) -> Iterator[Fault]:
    """One key is one payload and one task; a retry goes under the key of the first try."""
    first: dict[tuple[str, str], tuple[bytes, Any]] = {}
    unanswered: dict[bytes, str | None] = {}
    for entry in entries:
        if entry.method != "POST" or entry.body is None:
            continue
        payload = _payload(entry.body)
        key = entry.headers.get("idempotency-key")
        if payload in unanswered and unanswered[payload] != key:
            words = "a retry under another key, of a request without an answer, may be billed twice"
            yield _idempotency(entry, "headers", words, ("D09",))
        failed = entry.status == 0 or entry.status >= 500
        if failed:
            unanswered[payload] = key
        else:
            unanswered.pop(payload, None)
        if key is not None:
            yield from _reuse(entry, key, payload, first)


def _reuse(
    entry: Recorded, key: str, payload: bytes, first: dict[tuple[str, str], tuple[bytes, Any]]
) -> Iterator[Fault]:
    value = response(entry).value if entry.answer else None
    task = value.get("task_id") if isinstance(value, dict) else None
    account = entry.headers.get("authorization", "")
    known = first.get((account, key))
    if known is None:
        if 200 <= entry.status < 300:
            first[account, key] = payload, task
        return
    if known[0] != payload:
        yield _idempotency(
            entry, "headers", "the key was used for another payload before", ("D11",)
        )
        if entry.status < 400 and entry.status:
            words = f"another payload under a used key was answered with {entry.status}, not 409"
            yield _idempotency(entry, "status", words, ("D11",))
    elif 200 <= entry.status < 300 and None not in (task, known[1]) and task != known[1]:
        words = f"the same key and payload gave the task {task}, after {known[1]}"
        yield _idempotency(entry, "answer", words, ("D10",))
    elif entry.status == 409:
        yield _idempotency(
            entry, "status", "the same key and payload was answered with 409", ("D10",)
        )


def _payload(body: str) -> bytes:
    try:
        return canonical(read_json(body.encode("utf-8", "surrogatepass")))
    except MockError:
        return json.dumps(body).encode()


def _history(entry: Recorded, message: str, proves: tuple[str, ...]) -> Fault:
    pointer = entry.pointer + entry.places["answer"]
    return Fault(entry.number, pointer, "history", "error", message, proves)


def _idempotency(entry: Recorded, part: str, message: str, proves: tuple[str, ...]) -> Fault:
    pointer = entry.pointer + entry.places[part]
    return Fault(entry.number, pointer, "idempotency", "error", message, proves)
