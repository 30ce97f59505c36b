"""Server-sent events as text, read as the HTML standard has it, as far as they are whole."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

EVENT_STREAM = "text/event-stream"

_FIELD = re.compile(r"(?:id|event|data|retry)(?::|[\r\n])|:")


class Frame(NamedTuple):
    """One event. `id` and `event` are empty where the stream did not say."""

    id: str
    event: str
    data: str

    @property
    def value(self) -> Any:
        """The data as JSON; raises ValueError."""
        return json.loads(self.data)


def looks_like_stream(text: str) -> bool:
    """Whether a text begins as a stream of events does, whatever it is called."""
    return _FIELD.match(text.removeprefix("\ufeff").lstrip("\r\n")) is not None


def frames(text: str) -> Iterator[Frame]:
    """The events of a stream; the last one only if its empty line has come, or it is whole JSON."""
    fields: dict[str, str] = {}
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not (lines[-1].startswith("data:") and lines[-1].endswith(("}", "]"))):
        lines.pop()  # it may go on
    for line in lines:
        if not line:
            if "data" in fields:
                yield Frame(fields.get("id", ""), fields.get("event", ""), fields["data"])
            fields = {}
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in fields:
            value = f"{fields['data']}\n{value}"
        if name in ("id", "event", "data"):
            fields[name] = value
    if "data" in fields and _is_json(fields["data"]):
        yield Frame(fields.get("id", ""), fields.get("event", ""), fields["data"])


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
