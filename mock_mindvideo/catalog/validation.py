"""One schema file, compiled: what breaks it, rule by rule.

jsonschema is the authority. jsonschema-rs answers the common "valid" a hundred times faster; it
is asked only where the two are known to agree. Patterns and steps both have from `dialect.py`.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend, validator_for

from mock_mindvideo.catalog.brief import BRANCHES, brief
from mock_mindvideo.catalog.dialect import FORMATS, QUICK, exactly
from mock_mindvideo.catalog.files import NO_NETWORK, CatalogError
from mock_mindvideo.catalog.messages import describe
from mock_mindvideo.catalog.patterns import SECONDS, budget, is_plain
from mock_mindvideo.catalog.structure import (
    check_patterns,
    check_references,
    patterns,
    subschemas,
)
from mock_mindvideo.catalog.unevaluated import unevaluated_properties
from mock_mindvideo.domain.errors import InvalidJson
from mock_mindvideo.domain.pointer import pointer

#: Violations that are described for one value; more would help nobody.
MAX_VIOLATIONS = 100

#: Keywords on which the two validators are known to differ, or not known to agree.
_DISPUTED = frozenset(("patternProperties", "$dynamicRef", "$recursiveRef"))

#: Dialects whose own schema is the same to both validators. Draft 4's is not: the quick one
#: takes `enum: []` and an `enum` that names a value twice.
_AGREED_DIALECTS = frozenset(
    (
        "http://json-schema.org/draft-06/schema",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
    )
)

#: Items that are looked at in an array which is too long already.
MAX_ITEMS = 1000


class BrokenRule(NamedTuple):
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
        self._quick = _quick(file, schema) if agreed(schema) else None
        self._patterns = {text: at for at, text in patterns(schema)}
        self._at_leisure = not _all_plain(schema)

    def is_valid(self, value: object) -> bool:
        """Whether no rule is broken; the quick validator's word where it can be had."""
        judge = self._quick or self._authority
        if self._quick and not self._at_leisure:
            return bool(judge.is_valid(value))
        with budget() as spent:
            return bool(judge.is_valid(value)) and spent.slow is None

    def violations(self, value: object) -> tuple[BrokenRule, ...]:
        """The broken rules, at most MAX_VIOLATIONS, in the order in which they were found.

        Raises InvalidJson for a value nested so deeply that its schema cannot be followed.
        """
        if self._quick is not None and self.is_valid(value):
            return ()
        try:
            with budget() as spent:
                errors = islice(self._authority.iter_errors(brief(value)), MAX_VIOLATIONS)
                broken = tuple(self._violation(error) for error in errors)
                return broken if spent.slow is None else (self._undecided(spent.slow),)
        except RecursionError:
            raise InvalidJson("the body is nested too deeply for its schema") from None

    def _undecided(self, pattern: str) -> BrokenRule:
        """What is told of a pattern that spent the budget; without its verdict none is sure."""
        return BrokenRule(
            pointer="",
            keyword="pattern",
            message=f"matching the pattern {pattern} takes over {SECONDS * 1000:.0f} ms;"
            " send shorter texts, or write it so that it need not backtrack",
            schema_pointer=f"{self.file.name}#{pointer(self._patterns[pattern])}",
        )

    def _violation(self, error: ValidationError) -> BrokenRule:
        here: Any = error.schema if isinstance(error.schema, dict) else {}
        return BrokenRule(
            pointer=pointer(error.absolute_path),
            keyword=str(error.validator or "false"),  # a subschema that is `false` has no keyword
            message=(self._titled and here.get("title")) or describe(error),
            schema_pointer=f"{self.file.name}#{pointer(error.absolute_schema_path)}",
        )


def agreed(schema: object) -> bool:
    """Whether both validators give every value the same verdict under `schema`."""
    for _, node in subschemas(schema):
        if node.keys() & _DISPUTED:
            return False
    return True


def is_schema(schema: Any) -> bool:
    """Whether the quick validator takes `schema` for one; if not, the authority decides."""
    dialect = schema.get("$schema") if isinstance(schema, dict) else None
    if dialect is not None and str(dialect).rstrip("#") not in _AGREED_DIALECTS:
        return False
    try:
        return bool(jsonschema_rs.meta.is_valid(schema))
    except (ValueError, jsonschema_rs.ReferencingError):  # text that UTF-8 cannot hold
        return False


def is_plain_schema(schema: object) -> bool:
    """Whether the quick validator's "valid" is anybody's, whatever engine matches the patterns."""
    return agreed(schema) and _all_plain(schema)


def quick_validator(schema: Any, own: Iterable[str] = ()) -> Any:
    """The quick validator; the keywords named `own` are matched by its own, linear engine."""
    keywords = {name: keyword for name, keyword in QUICK.items() if name not in own}
    linear = jsonschema_rs.RegexOptions()
    return jsonschema_rs.validator_for(
        schema, validate_formats=False, keywords=keywords, pattern_options=linear
    )


def _all_plain(schema: object) -> bool:
    return all(is_plain(text) for _, text in patterns(schema))


def _authority(file: Path, schema: dict[str, Any]) -> Any:
    kind = _dialect(file, schema)
    if not is_schema(schema):
        try:
            kind.check_schema(schema, format_checker=FORMATS)
        except SchemaError as error:
            raise CatalogError(file, pointer(error.absolute_path), error.message) from None
    check_patterns(file, schema)
    check_references(file, schema)
    return _complete(kind, schema)(schema, registry=NO_NETWORK)


def _complete(kind: Any, schema: dict[str, Any]) -> Any:
    """The dialect's validator class, with the keywords that are different here."""
    exact = exactly(kind)
    keywords = exact.VALIDATORS
    changed = {
        **BRANCHES,
        "items": _bounded(keywords["items"]),
        "properties": _told(keywords["properties"]),
        "required": _named(keywords["required"]),
    }
    if "unevaluatedProperties" in keywords:
        changed["unevaluatedProperties"] = unevaluated_properties(schema)
    return extend(exact, changed)  # type: ignore[no-untyped-call]


def _quick(file: Path, schema: Mapping[str, Any]) -> Any:
    try:
        return quick_validator(schema, ["pattern"] if _all_plain(schema) else [])
    except ValueError as error:  # a dialect that only the authority knows
        where = pointer(getattr(error, "instance_path", ()))
        reason = getattr(error, "message", str(error))
        raise CatalogError(file, where, reason) from None


def _dialect(file: Path, schema: dict[str, Any]) -> Any:
    named = schema.get("$schema", Draft202012Validator.META_SCHEMA["$schema"])
    kind: Any = None
    if isinstance(named, str) and "draft-03" not in named:
        kind = validator_for({"$schema": named}, default=None)  # type: ignore[arg-type]
    if kind is None:
        raise CatalogError(file, "/$schema", f"unknown dialect {named!r}")
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
