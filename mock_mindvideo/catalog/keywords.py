"""JSON Schema's keywords for jsonschema, where it has Python's meaning instead or takes long.

Its patterns are Python's, and its `multipleOf` divides in floating point. It collects all that is
wrong with each branch of `anyOf` and `oneOf`; for ten megabytes that takes longer than the
judgement itself.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from mock_mindvideo.catalog.dialect import NAMED, identity, is_multiple, unlisted
from mock_mindvideo.catalog.patterns import found

Errors = Iterator[ValidationError]

#: Characters of a value that a message shows.
SHOWN = 60

#: Characters from which it takes long to match a text.
LONG = 64 * 1024

#: Items that are looked at in an array which is too long already.
MAX_ITEMS = 1000


@cache
def exactly(kind: Any) -> Any:
    """jsonschema's validator class `kind`, with the keywords as the specification has them."""
    own = {name: each for name, each in _MEANINGS.items() if name in kind.VALIDATORS}
    return extend(kind, own)  # type: ignore[no-untyped-call]


def telling(kind: Any) -> Any:
    """The same, of which each error tells one thing, and none takes long to find."""
    exact = exactly(kind)
    keywords = exact.VALIDATORS
    told = {
        "anyOf": _any_of,
        "oneOf": _one_of,
        "items": _bounded(keywords["items"]),
        "properties": _told(keywords["properties"]),
        "required": _named(keywords["required"]),
    }
    return extend(exact, told)  # type: ignore[no-untyped-call]


def _pattern(validator: Any, rule: str, value: Any, schema: Any) -> Errors:
    if isinstance(value, str) and not _far_too_long(value, schema) and not found(rule, value):
        yield ValidationError(f"{value[:SHOWN]!r} does not match {rule!r}")


def _far_too_long(text: str, schema: Any) -> bool:
    """Whether a text is refused for its length in any case, and matching it would take long."""
    return len(text) > LONG and len(text) > schema.get("maxLength", len(text))


def _multiple_of(validator: Any, rule: float, value: Any, schema: Any) -> Errors:
    if validator.is_type(value, "number") and not is_multiple(value, rule):
        yield ValidationError(f"{value!r} is not a multiple of {rule}")


def _pattern_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for pattern, subschema in rule.items():
        for name in value:
            if found(pattern, name):
                yield from validator.descend(value[name], subschema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict) or rule is True:
        return
    if rule is False:
        extra = list(islice(unlisted(value, schema), NAMED))
        if extra:
            names, verb = ", ".join(map(repr, extra)), "was" if len(extra) == 1 else "were"
            yield ValidationError(
                f"Additional properties are not allowed ({names} {verb} unexpected)"
            )
        return
    for name in unlisted(value, schema):
        yield from validator.descend(value[name], rule, path=name)


def _unique_items(validator: Any, rule: bool, value: Any, schema: Any) -> Errors:
    """Equal items have equal texts, which takes one look at each instead of one at each pair."""
    if rule and isinstance(value, list) and len({identity(item) for item in value}) < len(value):
        yield ValidationError(f"{value!r} has non-unique elements")


_MEANINGS: Mapping[str, Any] = {
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    "multipleOf": _multiple_of,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
}


def _any_of(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    if not any(validator.evolve(schema=each).is_valid(value) for each in rule):
        yield ValidationError(f"{value!r} is not valid under any of the given schemas")


def _one_of(validator: Any, rule: Any, value: Any, schema: Any) -> Errors:
    held = [each for each in rule if validator.evolve(schema=each).is_valid(value)]
    if not held:
        yield ValidationError(f"{value!r} is not valid under any of the given schemas")
    elif len(held) > 1:
        shown = ", ".join(map(repr, held))
        yield ValidationError(f"{value!r} is valid under each of {shown}")


def _bounded(items: Any) -> Any:
    """The keyword `items`, which gives up after MAX_ITEMS of an array over its `maxItems`.

    The verdict stays: such an array is refused in any case. Without this bound, a body of a few
    megabytes keeps the validator busy for minutes.
    """

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        over = isinstance(instance, list) and len(instance) > schema.get("maxItems", len(instance))
        yield from items(validator, rule, instance[:MAX_ITEMS] if over else instance, schema) or ()

    return check


def _told(properties: Any) -> Any:
    """The keyword `properties`, which names the property where its subschema is `false`."""

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        named = instance if isinstance(instance, dict) else {}
        for name in [name for name, each in rule.items() if each is False and name in named]:
            message = "this property must not be there"
            yield ValidationError(message, validator="false", path=[name], schema_path=[name])
        rest = {name: each for name, each in rule.items() if each is not False}
        yield from properties(validator, rest, instance, schema) or ()

    return check


def _named(required: Any) -> Any:
    """The keyword `required`, asked for each name by itself, since errors do not tell it apart."""

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        for name in rule:
            for error in required(validator, [name], instance, schema) or ():
                error.message = f"the property {name!r} is required"
                yield error

    return check
