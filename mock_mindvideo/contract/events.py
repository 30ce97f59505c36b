"""Events of a task in whatever form they come: the vendor says that there are some (D07), no more.

Server-sent events, JSON lists, lists within objects, and JSON by lines are understood; an event
tells a state wherever one of its members names one.
"""

import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mock_mindvideo.contract.exchange import HttpResponse
from mock_mindvideo.contract.sse import EVENT_STREAM, frames, looks_like_stream

#: Members that tell apart what is otherwise one event sent twice: names, numbers and moments.
_MARKS = re.compile(
    r"(?:^|_)(?:id|uuid|key|seq|sequence|no|nr|n|num|number|index|idx|i|offset|cursor|version"
    r"|time|timestamp|ts|at|date|datetime|created|updated|when|occurred|emitted)$"
)
_PAST = re.compile(r"(?:^|_)(?:from|prev|previous|old|before|was|last|prior)(?:_|$)")
_NOW = re.compile(r"(?:^|_)(?:status|state|to|new|current|now|phase)$")
_KIND = re.compile(r"(?:^|_)(?:type|event|name|kind|action|event_type)$")

#: Members that hold events, however few.
_EVENTS = re.compile(r"(?:^|_)(?:events|history|log|logs|timeline|transitions)$")

#: Media types of JSON values in a row, of which one is a row too.
_LINES = re.compile(r"ndjson|jsonl|json-?(?:seq|lines)|stream\+json")

#: What events call a state by, beside its name: enough to excuse that it is not named.
ALIASES: Mapping[str, Collection[str]] = {
    "queued": ("accepted", "created", "enqueued", "pending", "received", "scheduled", "submitted",
               "waiting"),
    "processing": ("generating", "progress", "rendering", "running", "started"),
    "succeeded": ("completed", "finished", "success"),
    "failed": ("error", "failure"),
    "cancelled": ("aborted", "canceled"),
}  # fmt: skip

#: Levels of an event that are looked at when two of them are compared.
_DEEPEST = 20


class Event(NamedTuple):
    """One event: its value, and the name that a stream gave it, if any."""

    value: Any
    name: str = ""

    def state(self, states: Collection[str]) -> str | None:
        """The state that the event tells of, or None: the outermost, plainest mention."""
        found = sorted(_mentions(self.value, states), key=lambda each: each[:2])
        if found:
            return found[0][2]
        return _state_of(self.name, states) or _in_words(self.value, states)

    def hints(self, states: Collection[str]) -> set[str]:
        """The states that an event which names none may tell of, by its words."""
        words = set(re.findall(r"[a-z]+", f"{self.name} {json.dumps(self.value)}".casefold()))
        return {state for state in states if words & {state, *ALIASES.get(state, ())}}

    @property
    def said(self) -> str:
        """What the event says apart from its number and its moment, as comparable text."""
        return json.dumps([_unmarked(self.value), self.name], sort_keys=True)


def read_events(response: HttpResponse) -> list[Event] | None:
    """The events in an answer; None where no form that is known here is found in it."""
    text = response.text.removeprefix("\ufeff")
    if response.media_type == EVENT_STREAM or looks_like_stream(text):
        return list(_apart(Event(_value(each.data), each.event) for each in frames(text)))
    if not text.strip():
        return []
    values = list(_documents(text))
    if values == [{}]:
        return []
    if len(values) == 1 and isinstance(values[0], dict | list):
        listed = _list_in(values[0])
        if listed is None and _LINES.search(response.media_type):
            listed = values
        return None if listed is None else list(_apart(map(Event, listed)))
    return list(_apart(map(Event, values))) if values else None


def _apart(events: Iterable[Event]) -> Iterator[Event]:
    """Each event by itself, where several were sent as one list of objects."""
    for event in events:
        if _are_objects(event.value):
            yield from (Event(each, event.name) for each in event.value)
        elif event.name or event.value != []:
            yield event


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def is_of_lines(response: HttpResponse) -> bool:
    """Whether an answer is JSON values in a row, by its name or by what it holds."""
    return bool(_LINES.search(response.media_type)) or len(list(_documents(response.text))) > 1


def has_ended(response: HttpResponse, ends: Collection[str], states: Collection[str]) -> bool:
    """Whether a stream, as far as it has come, has told that the task has ended."""
    if response.media_type != EVENT_STREAM:
        return False
    events = read_events(response) or []
    return bool(events) and events[-1].state(states) in ends


def _documents(text: str) -> Iterator[Any]:
    """The JSON values that stand one after another; those before what is no JSON."""
    decoder, at = json.JSONDecoder(), 0
    while match := re.compile(r"[\s\x1e,]*").match(text, at):
        at = match.end()
        if at >= len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _list_in(value: Any) -> list[Any] | None:
    """The outermost list of objects, or else of anything, or else of what stands by its id."""
    waiting, spare, by_id = deque([value]), None, None
    while waiting:
        each = waiting.popleft()
        if isinstance(each, list):
            if _are_objects(each):
                return each
            spare = each if spare is None or (not spare and each) else spare
        elif isinstance(each, dict):
            for name, child in each.items():
                if isinstance(child, list) and _EVENTS.search(_snake(name)):
                    return child
            inner = list(each.values())
            by_id = inner if by_id is None and len(each) > 1 and _are_objects(inner) else by_id
            waiting.extend(inner)
    return by_id if spare is None else spare


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _mentions(value: Any, states: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Each state that is named in `value`: how deep, how plainly (0 is best), which."""
    waiting: deque[tuple[int, str, Any]] = deque([(0, "", value)])
    while waiting:
        depth, name, each = waiting.popleft()
        if isinstance(each, str) and (state := _state_of(each, states)):
            yield depth, 0 if _NOW.search(name) else 1 if _KIND.search(name) else 2, state
        elif isinstance(each, dict):
            waiting.extend(
                (depth + 1, snake, child)
                for key, child in each.items()
                if not _PAST.search(snake := _snake(key))
            )
        elif isinstance(each, list):
            waiting.extend((depth + 1, name, child) for child in each)


def _state_of(text: str, states: Collection[str]) -> str | None:
    """`task.queued`, `QUEUED`, `task_queued` and `new -> queued` name queued."""
    text = re.split(r"\s*(?:[-=]+>|→)\s*", text)[-1].strip() if len(text) < 100 else ""
    last = re.split(r"[^a-z]+", text.casefold())[-1]
    plain = re.fullmatch(r"[\w.:/-]+", text)
    return last if plain and last in states else None


def _in_words(value: Any, states: Collection[str]) -> str | None:
    """The one state that the event's prose speaks of, if it is just one."""
    words = set(re.findall(r"[a-z]+", json.dumps(value).casefold()))
    named = {state for state in states if state in words}
    return named.pop() if len(named) == 1 else None


def _unmarked(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            name: _unmarked(child, depth + 1)
            for name, child in value.items()
            if not _MARKS.search(_snake(name))
        }
    return [_unmarked(each, depth + 1) for each in value] if isinstance(value, list) else value


def _snake(name: Any) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", str(name)).lower()
