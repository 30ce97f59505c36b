"""JSON Schemas of values that were seen: narrow in kind, open in content."""

from collections.abc import Mapping, Sequence
from typing import Any

#: The names of JSON's kinds, by Python type; bool before int, which it is a kind of.
_KINDS: Sequence[tuple[type | tuple[type, ...], str]] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def shape(values: Sequence[Any]) -> dict[str, Any]:
    """A schema that takes all `values`: their kinds, and what is in each of them."""
    kinds = list(dict.fromkeys(map(_kind, values)))
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    if not kinds:
        return {}
    schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else sorted(kinds)}
    objects = [each for each in values if isinstance(each, dict)]
    if objects:
        schema |= _members(objects)
    items = [item for each in values if isinstance(each, list) for item in each]
    if items:
        schema["items"] = shape(items)
    return schema


def _members(objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for each in objects for name in each))
    always = [name for name in names if all(name in each for each in objects)]
    members = {name: shape([each[name] for each in objects if name in each]) for name in names}
    return {"properties": members, **({"required": always} if always else {})}


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")
