"""JSON values: their kind, and equality as JSON Schema defines it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, TypeAlias

Json: TypeAlias = Any
JsonKind: TypeAlias = str

KINDS: tuple[JsonKind, ...] = ("null", "boolean", "number", "string", "array", "object")

_KIND_OF: dict[type, JsonKind] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def kind_of(value: Json) -> JsonKind:
    """Tell which of the six kinds of JSON value this is; an integer is a number."""
    return _KIND_OF[type(value)]


def key(value: Json) -> Hashable:
    """Give a key that is equal for two values exactly if JSON Schema calls them equal.

    So `1` and `1.0` share one, `True` and `1` do not, and members have no order.
    """
    if isinstance(value, list):
        return ("array", tuple(key(item) for item in value))
    if isinstance(value, dict):
        return ("object", frozenset((name, key(item)) for name, item in value.items()))
    return (kind_of(value), value)


def distinct(values: Iterable[Json]) -> list[Json]:
    """Drop later values that equal an earlier one."""
    return list({key(value): value for value in reversed(list(values))}.values())[::-1]


def escape(token: str) -> str:
    """Write one token of a JSON Pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer(tokens: Iterable[str | int]) -> str:
    """Write a JSON Pointer (RFC 6901); the empty one names the whole value."""
    return "".join(f"/{escape(str(token))}" for token in tokens)
