"""The judge: what an independent validator, jsonschema, reports about a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .documents import Document
from .rules import FALSE, Violation
from .values import Json, pointer


def reported(document: Document, value: Json) -> Iterator[Violation]:
    """Give one violation for each error that jsonschema reports, named as rules are.

    It reports one error for each name that is missing, and which one in its message alone: so the
    errors of one rule at one place are given the missing names in turn.
    """
    earlier: Counter[tuple[str, str]] = Counter()
    for error in document.validator().iter_errors(value):
        at = pointer(error.absolute_path), pointer(error.absolute_schema_path)
        yield _violation(document, error, earlier[at])
        earlier[at] += 1


def names(reported: Violation, rule: Violation) -> bool:
    """Tell whether what was reported is this rule; of a `false` the exact place is not told."""
    return reported == rule or reported.keyword == rule.keyword == FALSE


def _violation(document: Document, error: Any, earlier: int) -> Violation:
    keyword = str(error.validator or FALSE)
    at = pointer(error.absolute_path)
    if error.validator is None:
        return Violation(at, keyword, f"{document.name}#{pointer(error.absolute_schema_path)}")
    where = document.pointer_of(error.schema) or f"{document.name}#"
    return Violation(at, keyword, f"{where}{pointer(_tail(keyword, error, earlier))}")


def _tail(keyword: str, error: Any, earlier: int) -> tuple[str | int, ...]:
    """Tell which of several names is missing, after those of `earlier` errors."""
    rule, value = error.validator_value, error.instance
    missing: list[tuple[str | int, ...]] = []
    if keyword == "required":
        missing = [(i,) for i, name in enumerate(rule) if name not in value]
    elif keyword in ("dependentRequired", "dependencies"):
        asked = {name: names for name, names in rule.items() if name in value}
        missing = [
            (name, i)
            for name, names in asked.items()
            if isinstance(names, list)
            for i, other in enumerate(names)
            if other not in value
        ]
    return (keyword, *missing[min(earlier, len(missing) - 1)]) if missing else (keyword,)
