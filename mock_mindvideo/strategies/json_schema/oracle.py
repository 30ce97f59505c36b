"""The judge: what an independent validator, jsonschema, reports about a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .documents import Document
from .rules import FALSE, Violation
from .values import Json, pointer


def reported(document: Document, value: Json) -> Iterator[Violation]:
    """Give one violation for each error that jsonschema reports, named as rules are."""
    for error in document.validator().iter_errors(value):
        yield _violation(document, error)


def names(reported: Violation, rule: Violation) -> bool:
    """Tell whether what was reported is this rule; of a `false` the exact place is not told."""
    return reported == rule or reported.keyword == rule.keyword == FALSE


def _violation(document: Document, error: Any) -> Violation:
    keyword = str(error.validator or FALSE)
    at = pointer(error.absolute_path)
    if error.validator is None:
        return Violation(at, keyword, f"{document.name}#{pointer(error.absolute_schema_path)}")
    where = document.pointer_of(error.schema) or f"{document.name}#"
    return Violation(at, keyword, f"{where}{pointer(_tail(keyword, error))}")


def _tail(keyword: str, error: Any) -> tuple[str | int, ...]:
    """Tell which of several names is missing: jsonschema says so in its message alone."""
    if keyword == "required":
        return (keyword, _missing(error.validator_value, error))
    if keyword in ("dependentRequired", "dependencies"):
        for name, asked in error.validator_value.items():
            if name in error.instance and _missing(asked, error) >= 0:
                return (keyword, name, _missing(asked, error))
    return (keyword,)


def _missing(names: list[str], error: Any) -> int:
    said = [i for i, n in enumerate(names) if error.message.startswith(f"{n!r} is a")]
    return said[0] if said and names[said[0]] not in error.instance else -1
