"""Schemas that a dialect gives by itself, where a template has a constant that is one of many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_mindvideo.domain.pointer import escaped, unescaped

JsonSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GivenSchema:
    """Stands in a template for a value of a schema; `is_spare` if it may be missing."""

    schema: JsonSchema
    is_spare: bool


def with_shapes(template: Any, at: str, shapes: Mapping[str, JsonSchema]) -> Any:
    """The template at a pointer, with those `shapes` in it whose pointers lead into it.

    What is where no member is may be there.
    """
    if at in shapes:
        return GivenSchema(dict(shapes[at]), is_spare=False)
    if isinstance(template, list):
        return [with_shapes(each, f"{at}/{index}", shapes) for index, each in enumerate(template)]
    if not isinstance(template, Mapping):
        return template
    made = {
        name: with_shapes(each, f"{at}/{escaped(name)}", shapes) for name, each in template.items()
    }
    return {**made, **_spare(made, at, shapes)}


def _spare(
    members: Mapping[str, Any], at: str, shapes: Mapping[str, JsonSchema]
) -> dict[str, GivenSchema]:
    found = {}
    for pointer, schema in shapes.items():
        before, _, name = pointer.rpartition("/")
        if before == at and unescaped(name) not in members:
            found[unescaped(name)] = GivenSchema(dict(schema), is_spare=True)
    return found


def one_of_all(schemas: Sequence[JsonSchema]) -> JsonSchema:
    """One schema of objects that takes what any of `schemas` does, so that it is one type."""
    if len(schemas) == 1:
        return schemas[0]
    named: dict[str, list[JsonSchema]] = {}
    for each in schemas:
        for name, member in each["properties"].items():
            if member not in named.setdefault(name, []):
                named[name].append(member)
    always = [name for name in named if all(name in each["required"] for each in schemas)]
    return {
        "type": "object",
        "required": always,
        "properties": {
            name: members[0] if len(members) == 1 else {"anyOf": members}
            for name, members in named.items()
        },
        "additionalProperties": False,
    }
