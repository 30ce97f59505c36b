"""Schemas as generators of clients want them; to validators they mean the same.

Generators know neither `$defs` nor conditions, make a type of each branch of `allOf`, and want to
be told what the items of every array are.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.web.openapi.relocation import DATA, NAMED, SCHEMAS

#: What objects are anyway; said for linters that take them as closed.
OPEN: Mapping[str, Any] = {"additionalProperties": True}


def narrowed(schema: Mapping[str, Any], *rules: Any) -> dict[str, Any]:
    """`schema` under further rules that describe no other type: a condition that always holds."""
    then = {"allOf": list(rules), **OPEN} if len(rules) > 1 else rules[0]
    return {**schema, "if": {"type": "object", **OPEN}, "then": then}


def defined(schema: Any) -> Any:
    """Rules, with each member that they require named among their properties.

    For linters, to which another name looks like a slip. Not where that would make it a known one.
    """
    if isinstance(schema, list):
        return [defined(each) for each in schema]
    if not isinstance(schema, dict) or schema.keys() & _CLOSING:
        return schema
    inner = {word: each if word in DATA else defined(each) for word, each in schema.items()}
    names = schema.get("required")
    if not isinstance(names, list) or not names:
        return inner
    return inner | {"properties": {name: {} for name in names} | inner.get("properties", {})}


_CLOSING = frozenset(("additionalProperties", "unevaluatedProperties"))


def optional(schema: dict[str, Any]) -> dict[str, Any]:
    """An input, with the defaults of its members apart: generators take such members for given."""
    named = schema.get("properties", {})
    given = {
        name: {"default": each["default"]}
        for name, each in named.items()
        if isinstance(each, dict) and "default" in each
    }
    if not given or "if" in schema or "$schema" in schema:  # an older dialect may know no `if`
        return schema
    plain = {name: {**named[name]} for name in given}
    for each in plain.values():
        del each["default"]
    return narrowed({**schema, "properties": named | plain}, {"properties": given, **OPEN})


def hoisted(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The components, with the `$defs` of each as components beside it: `Task_output`."""
    flat: dict[str, Any] = dict(schemas)
    moved: dict[str, str] = {}
    for name, schema in schemas.items():
        flat[name] = {word: each for word, each in schema.items() if word not in _DEFINITIONS}
        for word in _DEFINITIONS:
            for part, inner in schema.get(word, {}).items():
                place = _free(f"{name}_{part}", flat)
                flat[place] = inner
                moved[f"{SCHEMAS}{name}/{word}/{escaped(part)}"] = SCHEMAS + place
    return {name: _schema(each, moved) for name, each in flat.items()}


_DEFINITIONS = ("$defs", "definitions")


def _free(wanted: str, taken: Mapping[str, Any]) -> str:
    """A component's name that is not taken, of the letters that such a name may have."""
    name = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_"
                   for each in wanted)  # fmt: skip
    return name if name not in taken else _free(name + "_", taken)


def _schema(value: Any, moved: Mapping[str, str]) -> Any:
    """A schema, with references led to where their target stands now, and items for arrays."""
    if isinstance(value, list):
        return [_schema(each, moved) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {word: _keyword(word, each, moved) for word, each in value.items()}
    return kept | {"items": {}} if kept.get("type") == "array" and "items" not in kept else kept


def _keyword(word: str, value: Any, moved: Mapping[str, str]) -> Any:
    if word in DATA or word.startswith("x-"):
        return value
    if word == "$ref":
        return _led(value, moved)
    if word == "discriminator":
        return value
    if word in NAMED:
        return {name: _schema(each, moved) for name, each in value.items()}
    return _schema(value, moved)


def _led(reference: str, moved: Mapping[str, str]) -> str:
    """Where a reference leads to now; what stands inside of a definition moved with it."""
    plain = unquote(reference)
    for before, after in moved.items():
        if plain == before or plain.startswith(before + "/"):
            return after + plain[len(before) :]
    return reference
