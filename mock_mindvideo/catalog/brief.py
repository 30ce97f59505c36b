"""Judging large values without writing them out.

jsonschema puts the whole value into each message, and collects all that is wrong with each branch
of `anyOf` and `oneOf`; for ten megabytes that takes longer than the judgement itself.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from jsonschema.exceptions import ValidationError

#: Characters of a text, items and members, from which only the beginning is shown.
LONG = 300


class LongText(str):
    """A text that is shown by its beginning; else a text like any other."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(self[:LONG] + "…")


class LongArray(list[Any]):
    """An array likewise."""

    def __repr__(self) -> str:
        return f"{self[:5]!r}…"


class LongObject(dict[str, Any]):
    """An object likewise."""

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


def _any_of(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not any(validator.evolve(schema=each).is_valid(value) for each in rule):
        yield ValidationError(f"{value!r} is not valid under any of the given schemas")


def _one_of(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    held = [each for each in rule if validator.evolve(schema=each).is_valid(value)]
    if not held:
        yield ValidationError(f"{value!r} is not valid under any of the given schemas")
    elif len(held) > 1:
        shown = ", ".join(map(repr, held))
        yield ValidationError(f"{value!r} is valid under each of {shown}")


#: The keywords that need not collect what is wrong in each branch.
BRANCHES: Mapping[str, Any] = {"anyOf": _any_of, "oneOf": _one_of}
