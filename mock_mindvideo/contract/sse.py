"""Server-sent events as text, read as the HTML standard has it, as far as they are whole."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple


class Frame(NamedTuple):
    """One event. `id` and `event` are empty where the stream did not say."""

    id: str
    event: str
    data: str

    @property
    def value(self) -> Any:
        """The data as JSON; raises ValueError."""
        return json.loads(self.data)


def frames(text: str) -> Iterator[Frame]:
    """The events of a stream; the last one only if its empty line has come."""
    fields: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]:
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
