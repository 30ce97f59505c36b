"""One schema file, compiled: what breaks it, rule by rule.

jsonschema is the authority (`authority.py`). jsonschema-rs answers the common "valid" a hundred
times faster (`quick.py`); it is asked only where the two are known to agree.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_mindvideo.catalog.brief import brief
from mock_mindvideo.catalog.files import CatalogError
from mock_mindvideo.catalog.messages import describe
from mock_mindvideo.catalog.patterns import SECONDS, budget, is_plain
from mock_mindvideo.catalog.quick import is_schema, quick_validator
from mock_mindvideo.catalog.structure import (
    check_patterns,
    check_references,
    patterns,
    subschemas,
)
from mock_mindvideo.domain.errors import InvalidJson
from mock_mindvideo.domain.pointer import pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

#: Violations that are described for one value; more would help nobody.
MAX_VIOLATIONS = 100

#: Keywords on which the two validators are known to differ, or not known to agree.
_DISPUTED = frozenset(("patternProperties", "$dynamicRef", "$recursiveRef"))


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
        _check(file, schema)
        self._quick = _quick(file, schema) if agreed(schema) else None
        self._patterns = {text: at for at, text in patterns(schema)}
        #: Whether a value breaks no rule; the quick validator's word where it can be had.
        self.is_valid: Callable[[object], bool] = self._is_valid_in_time
        if self._quick is not None and _all_plain(schema):
            self.is_valid = self._quick.is_valid

    @cached_property
    def _authority(self) -> Any:
        """jsonschema's validator, made when it has something to say that the quick one has not."""
        from mock_mindvideo.catalog.authority import authority  # noqa: PLC0415 - see there

        return authority(self.schema)

    def _is_valid_in_time(self, value: object) -> bool:
        """Whether a value breaks no rule, where to match a pattern may take for ever."""
        judge = self._quick or self._authority
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

    def _violation(self, error: "ValidationError") -> BrokenRule:
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


def is_plain_schema(schema: object) -> bool:
    """Whether the quick validator's "valid" is anybody's, whatever engine matches the patterns."""
    return agreed(schema) and _all_plain(schema)


def _all_plain(schema: object) -> bool:
    return all(is_plain(text) for _, text in patterns(schema))


def _check(file: Path, schema: dict[str, Any]) -> None:
    """Raise CatalogError for what is no schema, or has a pattern or reference that is none."""
    if not is_schema(schema):
        from mock_mindvideo.catalog.authority import check_schema  # noqa: PLC0415 - see there

        check_schema(file, schema)
    check_patterns(file, schema)
    check_references(file, schema)


def _quick(file: Path, schema: Mapping[str, Any]) -> Any:
    try:
        return quick_validator(schema, ["pattern"] if _all_plain(schema) else [])
    except ValueError as error:  # a dialect that only the authority knows
        where = pointer(getattr(error, "instance_path", ()))
        reason = getattr(error, "message", str(error))
        raise CatalogError(file, where, reason) from None
