"""Moving a schema file into the document: its references lead to where it stands there."""

from collections.abc import Mapping
from typing import Any

SCHEMAS = "#/components/schemas/"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: Keywords whose value is data, in which a `$ref` would be a name like any other.
DATA = frozenset(("const", "enum", "default", "example", "examples"))

#: Keywords whose value maps names of the author's choice to schemas.
NAMED = frozenset(
    ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "dependencies")
)


def component(name: str) -> dict[str, str]:
    """A reference to the component schema `name`."""
    return {"$ref": SCHEMAS + name}


def bare(media_type: str) -> str:
    """A media type without parameters, as the document lists content."""
    return media_type.partition(";")[0].strip()


def relocated(
    schema: Mapping[str, Any], name: str, files: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """`schema` as the component `name`; `files` maps file names to the components they became.

    `$schema` goes where it says what OpenAPI 3.1 assumes, and `$id` always: it would change
    what the references mean.
    """
    moved = {
        keyword: _moved(keyword, value, name, files or {})
        for keyword, value in schema.items()
        if keyword != "$id"
    }
    if moved.get("$schema") == _DIALECT:
        del moved["$schema"]
    return moved


def _moved(keyword: str, value: Any, name: str, files: Mapping[str, str]) -> Any:
    if keyword in DATA or keyword.startswith("x-"):
        return value
    if keyword == "$ref":
        return _target(value, name, files)
    if keyword in NAMED:
        return {each: _within(schema, name, files) for each, schema in value.items()}
    return _within(value, name, files)


def _within(value: Any, name: str, files: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {keyword: _moved(keyword, each, name, files) for keyword, each in value.items()}
    if isinstance(value, list):
        return [_within(each, name, files) for each in value]
    return value


def _target(reference: str, name: str, files: Mapping[str, str]) -> str:
    file, _, pointer = reference.partition("#")
    return SCHEMAS + (files[file] if file else name) + pointer
