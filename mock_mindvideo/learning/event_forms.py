"""How events came: as a stream, by lines, as a list, and what stood around the list."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.contract.events import Event, is_of_lines, read_events
from mock_mindvideo.contract.sse import EVENT_STREAM, Frame, frames, looks_like_stream
from mock_mindvideo.domain.dialect.events import NDJSON, SSE
from mock_mindvideo.learning.sightings import SeenExchange

#: The form of events as one JSON value; the others are those of streams.
LIST = "list"


class ToldEvents(NamedTuple):
    """The events in one answer, the form they came in, and their frames where it is a stream."""

    seen: SeenExchange
    form: str
    events: Sequence[Event]
    frames: Sequence[Frame]


def told(seen: SeenExchange) -> ToldEvents | None:
    """The events of an answer; None where their form is not understood, or they were not kept."""
    if seen.entry.answer is None or not seen.went_well or seen.entry.status == 204:
        return None
    events = read_events(seen.answer)
    if events is None:
        return None
    text = seen.answer.text.removeprefix("\ufeff")
    if seen.answer.media_type == EVENT_STREAM or looks_like_stream(text):
        return ToldEvents(seen, SSE, events, tuple(frames(text)))
    return ToldEvents(seen, NDJSON if is_of_lines(seen.answer) else LIST, events, ())


def list_template(value: Any, events: Sequence[Event]) -> Any:
    """What stands around the list of events, `{events}` in its place; None if it has none."""
    listed = [each.value for each in events]
    if value == listed:
        return "{events}"
    if value == [listed]:
        return ["{events}"]
    if not isinstance(value, Mapping):
        return None
    return _around(value, listed)


def _around(value: Mapping[str, Any], listed: Sequence[Any]) -> Any:
    found: dict[str, Any] = {}
    has_list = False
    for name, each in value.items():
        if not has_list and each == listed:
            found[name], has_list = "{events}", True
        elif isinstance(each, Mapping) and (inner := _around(each, listed)) is not None:
            found[name], has_list = inner, True
        else:
            found[name] = "{null}" if each is None else each
    return found if has_list else None


def comments(text: str) -> int:
    """How many signs of life a stream has: comments by themselves."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return sum(1 for each in lines if each.startswith(":"))
