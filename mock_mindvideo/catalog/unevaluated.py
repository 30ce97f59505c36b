"""`unevaluatedProperties`: which members other keywords have looked at, patterns being ECMA-262."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from mock_mindvideo.catalog.dialect import unlisted
from mock_mindvideo.catalog.structure import look_up

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def unevaluated_properties(root: Mapping[str, Any]) -> Callable[..., Iterator[ValidationError]]:
    """The keyword for schemas inside `root`, whose references are pointers into it."""

    def check(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if not isinstance(value, dict):
            return
        seen = _seen(validator, value, schema, root)
        for name in value:
            if name not in seen and not _holds(validator, value[name], rule):
                yield ValidationError(f"Unevaluated properties are not allowed ({name!r})")
                return

    return check


def _seen(validator: Any, value: dict[str, Any], schema: Any, root: Mapping[str, Any]) -> set[str]:
    """The names that `schema` looks at, by itself or through those that apply in its place."""
    if not isinstance(schema, dict):
        return set()
    others = set(unlisted(value, schema))
    seen = value.keys() - others
    if "additionalProperties" in schema:
        return set(value)
    if (rest := schema.get("unevaluatedProperties")) is not None:
        seen |= {name for name in others if _holds(validator, value[name], rest)}
    for part in _in_place(validator, value, schema, root):
        seen |= _seen(validator, value, part, root)
    return seen


def _in_place(
    validator: Any, value: dict[str, Any], schema: dict[str, Any], root: Mapping[str, Any]
) -> Iterator[Any]:
    """The subschemas that `value` holds, among those that apply to it as a whole."""
    for word in _REFERENCES:
        if word in schema:
            yield look_up(root, schema[word])
    for word in ("allOf", "anyOf", "oneOf"):
        yield from (part for part in schema.get(word, ()) if _holds(validator, value, part))
    for name, part in schema.get("dependentSchemas", {}).items():
        if name in value:
            yield part
    if "if" in schema:
        held = _holds(validator, value, schema["if"])
        yield schema["if"] if held else True
        yield schema.get("then" if held else "else", True)


def _holds(validator: Any, value: Any, schema: Any) -> bool:
    return bool(validator.evolve(schema=schema).is_valid(value))
