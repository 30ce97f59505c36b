"""Events of a task in every form that a vendor who is silent about it could choose."""

import json
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


def _state(number: int, state: str, task_id: str) -> Event:
    return {"n": number, "state": state, "when": f"2026-01-01T00:00:0{number}Z"}


def _kind(number: int, state: str, task_id: str) -> Event:
    return {"id": f"e{number}", "type": f"task.{state}", "data": {"task": task_id}}


def _move(number: int, state: str, task_id: str) -> Event:
    before = {"processing": "queued", "succeeded": "processing", "failed": "processing"}
    return {"seq": number, "from": before.get(state), "to": state.upper(), "ts": 1e9 + number}


def _nested(number: int, state: str, task_id: str) -> Event:
    return {"eventId": number, "payload": {"task": {"id": task_id, "status": state}}}


def _words(number: int, state: str, task_id: str) -> Event:
    return {"no": number, "message": f"The task is {state} now."}


def _arrow(number: int, state: str, task_id: str) -> Event:
    before = {"processing": "queued", "succeeded": "processing", "failed": "processing"}
    return {"transition": f"{before.get(state, '')} -> {state}", "at": 1700000000000 + number}


def _aliases(number: int, state: str, task_id: str) -> Event:
    """Words of its own for one state, names with words after them for the others."""
    kinds = {"queued": "TASK_CREATED", "processing": "PROCESSING_STARTED"}
    return {"type": kinds.get(state, f"TASK_{state.upper()}_NOW"), "at": number}


#: How one event names its state.
NAMES: dict[str, Callable[[int, str, str], Event]] = {
    "state": _state, "type": _kind, "move": _move, "nested": _nested, "words": _words,
    "arrow": _arrow,
}  # fmt: skip


def _compact(event: Event | list[Event]) -> str:
    return json.dumps(event, separators=(",", ":"))


def _sse(events: list[Event]) -> str:
    return "".join(f"id: {i}\nevent: update\ndata: {_compact(e)}\n\n" for i, e in enumerate(events))


def _multi_line(events: list[Event]) -> str:
    texts = [json.dumps(each, indent=1).splitlines() for each in events]
    return "".join("".join(f"data: {line}\n" for line in lines) + "\n" for lines in texts)


#: Names that stand for a state without being one: enough for an honest server, not to find a lie.
LOOSE_NAMES = {"aliases": _aliases}

#: Each form: its media type, and its text.
FORMS: dict[str, tuple[str, Callable[[list[Event]], str]]] = {
    "list": ("application/json", json.dumps),
    "object": ("application/json", lambda events: json.dumps({"items": events, "next": None})),
    "deep object": (
        "application/hal+json",
        lambda events: json.dumps({"tags": {"a": "b"}, "_embedded": {"log": events}, "count": 3}),
    ),
    "ndjson": ("application/x-ndjson", lambda events: "\n".join(map(_compact, events)) + "\n"),
    "json-seq": (
        "application/json-seq",
        lambda events: "".join(f"\x1e{_compact(each)}\n" for each in events),
    ),
    "sse": ("text/event-stream; charset=utf-8", _sse),
    "sse with CRLF": ("text/event-stream", lambda events: _sse(events).replace("\n", "\r\n")),
    "sse with CR": ("text/event-stream", lambda events: _sse(events).replace("\n", "\r")),
    "sse in several lines": ("text/event-stream", _multi_line),
    "sse without space": (
        "text/event-stream",
        lambda events: "".join(f"data:{_compact(each)}\n\n" for each in events),
    ),
    "sse with a BOM, comments and other fields": (
        "text/event-stream",
        lambda events: "\ufeff: hello\n\n" + "".join(
            f": ping\nretry:5\nx: y\ndata: {_compact(each)}\n\n:\n\n" for each in events),
    ),
    "sse that ends without an empty line": (
        "text/event-stream",
        lambda events: "".join(f"data: {_compact(each)}\n\n" for each in events)[:-1],
    ),
    "sse as text/plain": ("text/plain", _sse),
    "sse that ends without a line end": ("text/event-stream", lambda events: _sse(events)[:-2]),
    "sse of one list": ("text/event-stream", lambda events: f"data: {_compact(events)}\n\n"),
    "list of a list": ("application/json", lambda events: json.dumps([events])),
    "objects by their id": (
        "application/json",
        lambda events: json.dumps({f"ev{n}": each for n, each in enumerate(events)}),
    ),
}  # fmt: skip


def spelt(form: str, names: str, states: list[str], task_id: str) -> tuple[int, str, str]:
    """Status, media type and text of the answer; `processing 50` is progress within a state."""
    media, write = FORMS[form]
    events = []
    for number, each in enumerate(states, 1):
        state, _, percent = each.partition(" ")
        event = (NAMES | LOOSE_NAMES)[names](number, state, task_id)
        events.append(event | {"percent": int(percent)} if percent else event)
    return 200, media, write(events)
