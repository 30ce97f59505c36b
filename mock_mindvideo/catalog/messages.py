"""A violated keyword in words that say what was expected, without repeating the whole value."""

import json
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from mock_mindvideo.catalog.dialect import NAMED, unlisted
from mock_mindvideo.domain.counting import counted

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

#: Characters of a message; names and values that come from the request are cut.
LONGEST = 300


def describe(error: "ValidationError") -> str:
    """What the keyword demands, and what was there instead."""
    words = _WORDS.get(str(error.validator))
    message = words(error.validator_value, error.instance, error) if words else str(error.message)
    return message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"


def _listed(values: Any) -> str:
    return ", ".join(_shown(value) for value in values)


def _shown(value: object) -> str:
    shown = (
        f"'{value[:61]}'" if isinstance(value, str) else json.dumps(_cut(value), ensure_ascii=False)
    )
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _cut(value: object) -> object:
    """As much of a value as can be shown."""
    if isinstance(value, str):
        return value[:61]
    if isinstance(value, list):
        return [_cut(each) for each in value[:30]]
    if isinstance(value, dict):
        return {name[:61]: _cut(each) for name, each in islice(value.items(), 30)}
    return value


def _type(rule: Any, _value: Any, _error: "ValidationError") -> str:
    return "must be of type " + (rule if isinstance(rule, str) else " or ".join(rule))


def _additional(_rule: Any, value: Any, error: "ValidationError") -> str:
    schema: Any = error.schema
    known = schema.get("properties", {})
    unknown = list(islice(unlisted(value, schema), NAMED))
    allowed = f"; allowed are {_listed(known)}" if known else ""
    return f"unknown property {_listed(unknown)}{allowed}" if unknown else error.message


_WORDS: Mapping[str, Callable[[Any, Any, "ValidationError"], str]] = {
    "type": _type,
    "enum": lambda rule, value, _: f"must be one of {_listed(rule)}; it is {_shown(value)}",
    "const": lambda rule, value, _: f"must be {_shown(rule)}; it is {_shown(value)}",
    "minLength": lambda rule, value, _: (
        f"must have at least {counted(rule, 'character')}; it has {len(value)}"
    ),
    "maxLength": lambda rule, value, _: (
        f"must have at most {counted(rule, 'character')}; it has {len(value)}"
    ),
    "minimum": lambda rule, value, _: f"must be at least {rule}; it is {_shown(value)}",
    "maximum": lambda rule, value, _: f"must be at most {rule}; it is {_shown(value)}",
    "minItems": lambda rule, value, _: (
        f"must hold at least {counted(rule, 'item')}; it holds {len(value)}"
    ),
    "maxItems": lambda rule, value, _: (
        f"must hold at most {counted(rule, 'item')}; it holds {len(value)}"
    ),
    "pattern": lambda rule, value, _: f"must match the pattern {rule}",
    "additionalProperties": _additional,
}
