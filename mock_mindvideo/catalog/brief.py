"""Large values that are never written out: jsonschema puts the whole value into each message."""

from itertools import islice
from typing import Any

#: Characters of a text, items and members, from which only the beginning is shown.
LONG = 300


class LongText(str):
    """A text that is shown by its beginning; else a text like any other."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(self[:LONG] + "…")


class LongArray(list[Any]):
    """An array, cut short."""

    def __repr__(self) -> str:
        return f"{self[:5]!r}…"


class LongObject(dict[str, Any]):
    """An object, cut short."""

    def __repr__(self) -> str:
        return f"{dict(islice(self.items(), 5))!r}…"


def brief(value: Any) -> Any:
    """The same value, of whose long parts no more than the beginning is ever written out."""
    if isinstance(value, str):
        return LongText(value) if len(value) > LONG else value
    if isinstance(value, dict):
        members = {name: brief(each) for name, each in value.items()}
        return LongObject(members) if len(members) > LONG else members
    if isinstance(value, list):
        items = [brief(each) for each in value]
        return LongArray(items) if len(items) > LONG else items
    return value
