"""Parameters: those of a path by their place, headers whatever their case."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.meaning.references import SchemaNode
from mock_mindvideo.contract.drift.openapi.api import ComparedOperation, Malformed, children, real
from mock_mindvideo.contract.drift.openapi.payloads import Pair

#: Headers that OpenAPI describes elsewhere, so that a parameter of that name means nothing.
_ELSEWHERE = ("accept", "content-type", "authorization")

ParameterKey = tuple[str, str]


def parameters(pair: Pair) -> Iterator[Drift]:
    """The changes of an operation's parameters, with those of its path."""
    before, after = _listed(pair.before), _listed(pair.after)
    for key in dict.fromkeys((*before, *after)):
        named = after.get(key) or before[key]
        words = f"the {key[0]} parameter '{named.schema['name']}'"
        if key not in before:
            required = after[key].schema.get("required") is True
            kind = f"new-{'required' if required else 'optional'}-request-parameter"
            message = f"{words} is new" + (" and required" if required else "")
            yield pair.sent("/parameters", message, required, kind)
        elif key not in after:
            known = before[key].schema.get("deprecated") is True
            kind = "request-parameter-removed" + ("-with-deprecation" if known else "")
            gone = pair.sent("/parameters", f"{words} is gone", False, kind)
            yield replace(gone, risky=not known)
        else:
            yield from _kept(pair, before[key], after[key], words)


def _kept(pair: Pair, old: SchemaNode, new: SchemaNode, words: str) -> Iterator[Drift]:
    at = "/parameters"
    was, now = (each.schema.get("required") is True for each in (old, new))
    if was != now:
        kind = f"request-parameter-became-{'required' if now else 'optional'}"
        yield pair.sent(at, f"{words} is {'' if now else 'not '}required", now, kind)
    if _form(old) != _form(new):
        yield pair.sent(
            at, f"{words} is written another way", True, "request-parameter-style-changed"
        )
    if (old.schema.get("deprecated") is True) != (new.schema.get("deprecated") is True):
        kind = "deprecated" if new.schema.get("deprecated") is True else "reactivated"
        yield pair.sent(at, f"{words} is {kind}", False, f"request-parameter-{kind}")
    contents = children(old, "content"), children(new, "content")
    for name in contents[0].keys() & contents[1].keys():
        sides = contents[0][name], contents[1][name]
        yield from pair.schemas(*sides, at, "requests", "parameter", f"{words}: ")
    yield from pair.schemas(old, new, at, "requests", "parameter", f"{words}: ")


_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def _form(node: SchemaNode) -> tuple[Any, ...]:
    """How a value is written, what is left out filled in."""
    schema = node.schema
    style = schema.get("style", _STYLES.get(schema["in"]))
    explode = schema.get("explode", style == "form")
    contents = frozenset(schema.get("content", ()))
    return style, explode, schema.get("allowReserved", False) is True, contents


def _listed(operation: ComparedOperation) -> dict[ParameterKey, SchemaNode]:
    """The operation's parameters, those of its path first, so that its own replace them."""
    found: dict[ParameterKey, SchemaNode] = {}
    for holder in (operation.item, operation.node):
        for each in holder.schema.get("parameters", ()):
            node = real(holder.at(each))
            if not isinstance(node.schema.get("name"), str) or "in" not in node.schema:
                raise Malformed(f"{operation.pointer}/parameters: one lacks its name, or `in`")
            key = _key(operation, node.schema)
            if key is not None:
                found[key] = node
    return found


def _key(operation: ComparedOperation, schema: Any) -> ParameterKey | None:
    place, name = schema["in"], schema["name"]
    if place == "header":
        return None if name.lower() in _ELSEWHERE else (place, name.lower())
    names = re.findall(r"\{([^{}]*)\}", operation.path)
    if place == "path" and name in names:
        return place, str(names.index(name))
    return place, name
