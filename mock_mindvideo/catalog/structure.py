"""Finding one's way in a schema: its subschemas, its references, its top-level properties."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mock_mindvideo.catalog.files import CatalogError
from mock_mindvideo.catalog.patterns import BadPattern, compiled
from mock_mindvideo.domain.pointer import followed, pointer

Path_ = tuple[str | int, ...]

#: Keywords whose value is data, whatever it looks like.
_DATA = frozenset(("const", "default", "enum", "example", "examples"))

#: Keywords that apply a subschema to the very value at hand, not to a part of it.
_IN_PLACE = ("$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def subschemas(schema: object, at: Path_ = ()) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Every object inside a schema with its path, whether it is a subschema or not; no data."""
    if isinstance(schema, dict):
        yield at, schema
        for name, value in schema.items():
            if name not in _DATA or (at and at[-1] == "properties"):
                yield from subschemas(value, (*at, name))
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from subschemas(value, (*at, index))


def look_up(schema: Any, reference: str) -> Any:
    """What a local reference like `#/$defs/ratio` leads to; raises LookupError."""
    return followed(schema, unquote(reference.removeprefix("#")))


def resolve(schema: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    """`node` with what its `$ref` leads to merged under it; {} for a boolean schema."""
    if not isinstance(node, dict):
        return {}
    if "$ref" not in node:
        return node
    return {**resolve(schema, look_up(schema, node["$ref"])), **node}


def properties(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The top-level properties by name, looked up through `$ref` and `allOf`."""

    def collect(node: Any) -> dict[str, Any]:
        node = resolve(schema, node)
        found: dict[str, Any] = {}
        for part in node.get("allOf", ()):
            found |= collect(part)
        named = node.get("properties")
        own = named if isinstance(named, dict) else {}
        return found | {name: resolve(schema, each) for name, each in own.items()}

    return collect(schema)


def defaults(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The defaults of the top-level properties."""
    named = properties(schema)
    return {name: each["default"] for name, each in named.items() if "default" in each}


def patterns(schema: object) -> Iterator[tuple[Path_, str]]:
    """Every pattern in a schema, with the path to where it stands."""
    for at, node in subschemas(schema):
        if isinstance(text := node.get("pattern"), str):
            yield (*at, "pattern"), text
        if isinstance(named := node.get("patternProperties"), dict):
            yield from (((*at, "patternProperties", name), name) for name in named)


def check_patterns(file: Path, schema: object) -> None:
    """Raise CatalogError for a pattern that is not ECMA-262 under the `u` flag."""
    for at, text in patterns(schema):
        try:
            compiled(text)
        except BadPattern as error:
            raise CatalogError(file, pointer(at), f"bad pattern: {error}") from None


def check_references(file: Path, schema: object) -> None:
    """Raise CatalogError for a reference that leaves the file, leads nowhere, or in a circle."""
    for at, node in subschemas(schema):
        for keyword in _REFERENCES:
            if isinstance(reference := node.get(keyword), str):
                _check_reference(file, schema, reference, pointer((*at, keyword)))
    for at, node in subschemas(schema):
        if "$ref" in node and _leads_back(schema, node, ()):
            where = pointer((*at, "$ref"))
            raise CatalogError(file, where, f"{node['$ref']!r} leads back to itself")


def _check_reference(file: Path, schema: object, reference: str, where: str) -> None:
    if not re.fullmatch(r"#(/.*)?", reference):
        raise CatalogError(file, where, f"{reference!r} must be a pointer into the same file")
    try:
        look_up(schema, reference)
    except (LookupError, ValueError, TypeError):
        raise CatalogError(file, where, f"{reference!r} leads nowhere") from None


def _leads_back(schema: object, node: object, way: tuple[int, ...]) -> bool:
    """Whether validating a value against `node` asks for the same again, without end."""
    if not isinstance(node, dict):
        return False
    if id(node) in way:
        return True
    return any(_leads_back(schema, each, (*way, id(node))) for each in _in_place(schema, node))


def _in_place(schema: object, node: dict[str, Any]) -> Iterator[Any]:
    for keyword in _IN_PLACE:
        value = node.get(keyword)
        if keyword == "$ref" and isinstance(value, str):
            yield look_up(schema, value)
        elif isinstance(value, list):
            yield from value
        elif keyword == "dependentSchemas" and isinstance(value, dict):
            yield from value.values()
        else:
            yield value
