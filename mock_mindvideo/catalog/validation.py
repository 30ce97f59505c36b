"""One schema file, compiled: what breaks it, rule by rule.

jsonschema is the authority. jsonschema-rs answers the common "valid" a hundred times faster; it
is asked only where the two are known to agree (not on dialects of `pattern`, not on fractional
`multipleOf`).
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend, validator_for
from referencing.exceptions import Unresolvable

from mock_mindvideo.catalog.files import NO_NETWORK, CatalogError, pointer
from mock_mindvideo.catalog.messages import describe

#: Violations that are described for one value; more would help nobody.
MAX_VIOLATIONS = 100

#: Items that are looked at in an array which is too long already.
MAX_ITEMS = 1000


class Violation(NamedTuple):
    """One broken rule: where in the value, which keyword, in words, and where in the schema."""

    pointer: str
    keyword: str
    message: str
    schema_pointer: str


class Rules:
    """The rules of one schema file.

    Raises CatalogError for a schema that is not one, for a pattern that does not compile, and
    for a reference that leaves the file or leads nowhere.
    """

    def __init__(self, file: Path, schema: dict[str, Any], *, titled: bool = False) -> None:
        self.file = file
        self.schema = schema
        self._titled = titled
        self._authority = _authority(file, schema)
        self._quick = jsonschema_rs.validator_for(schema, validate_formats=False)
        self._fast = self._quick if agreed(schema) else None

    def is_valid(self, value: object) -> bool:
        """Whether no rule is broken."""
        if self._fast is not None:
            return bool(self._fast.is_valid(value))
        return bool(self._authority.is_valid(value))

    def is_likely_valid(self, value: object) -> bool:
        """The quick validator's word, for advice; where it doubts, ask `violations`."""
        return bool(self._quick.is_valid(value))

    def violations(self, value: object) -> tuple[Violation, ...]:
        """The broken rules, at most MAX_VIOLATIONS, in the order in which they were found."""
        if self._fast is not None and self._fast.is_valid(value):
            return ()
        errors = islice(self._authority.iter_errors(value), MAX_VIOLATIONS)
        return tuple(self._violation(error) for error in errors)

    def _violation(self, error: ValidationError) -> Violation:
        here: Any = error.schema if isinstance(error.schema, dict) else {}
        return Violation(
            pointer=pointer(error.absolute_path),
            keyword=str(error.validator or "false"),  # a subschema that is `false` has no keyword
            message=(self._titled and here.get("title")) or describe(error),
            schema_pointer=f"{self.file.name}#{pointer(error.absolute_schema_path)}",
        )


def agreed(schema: object) -> bool:
    """Whether both validators give every value the same verdict under `schema`."""
    for _, node in subschemas(schema):
        if node.keys() & {"pattern", "patternProperties", "$dynamicRef", "$recursiveRef"}:
            return False
        if isinstance(node.get("multipleOf", 1), float):
            return False
    return True


def subschemas(schema: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Every object inside a schema with its path, whether it is a subschema or not."""
    if isinstance(schema, dict):
        yield at, schema
        for name, value in schema.items():
            yield from subschemas(value, (*at, name))
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from subschemas(value, (*at, index))


def _authority(file: Path, schema: dict[str, Any]) -> Any:
    kind = _dialect(file, schema)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise CatalogError(file, pointer(error.absolute_path), error.message) from None
    _check_patterns(file, schema)
    bounded = extend(kind, {"items": _bounded(kind.VALIDATORS["items"])})  # type: ignore[no-untyped-call]
    validator = bounded(schema, registry=NO_NETWORK)
    _check_references(file, schema, validator)
    return validator


def _dialect(file: Path, schema: dict[str, Any]) -> Any:
    if "$schema" not in schema:
        return Draft202012Validator
    kind: Any = validator_for(schema, default=None)  # type: ignore[arg-type]
    if kind is None:
        raise CatalogError(file, "/$schema", f"unknown dialect {schema['$schema']!r}")
    return kind


def _bounded(items: Any) -> Any:
    """The keyword `items`, which gives up after MAX_ITEMS of an array over its `maxItems`.

    The verdict stays: such an array is refused in any case. Without this bound, a body of a few
    megabytes keeps the validator busy for minutes.
    """

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        over = isinstance(instance, list) and len(instance) > schema.get("maxItems", len(instance))
        yield from items(validator, rule, instance[:MAX_ITEMS] if over else instance, schema) or ()

    return check


def _check_patterns(file: Path, schema: object) -> None:
    for at, node in subschemas(schema):
        patterns: list[tuple[tuple[str, ...], object]] = [(("pattern",), node.get("pattern"))]
        if isinstance(named := node.get("patternProperties"), dict):
            patterns += [(("patternProperties", name), name) for name in named]
        for step, text in patterns:
            try:
                re.compile(text if isinstance(text, str) else "")
            except re.error as error:
                raise CatalogError(file, pointer((*at, *step)), f"bad pattern: {error}") from None


def _check_references(file: Path, schema: object, validator: Any) -> None:
    for at, node in subschemas(schema):
        if not isinstance(reference := node.get("$ref"), str):
            continue
        where = pointer((*at, "$ref"))
        if not re.fullmatch(r"#(/.*)?", reference):
            raise CatalogError(file, where, f"{reference!r} must be a pointer into the same file")
        try:
            validator._resolver.lookup(reference)
        except Unresolvable:
            raise CatalogError(file, where, f"{reference!r} leads nowhere") from None
