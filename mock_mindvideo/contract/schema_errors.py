"""What a value breaks of a schema; jsonschema-rs is asked first whether it breaks anything."""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from mock_mindvideo.catalog.quick import quick_validator


class SchemaErrors:
    """The errors of values under one schema of Draft 2020-12; nearly all values have none.

    `plain` says that all of the schema is; see `is_plain_schema`.
    """

    def __init__(self, schema: Mapping[str, Any], *, plain: bool) -> None:
        self._authority = Draft202012Validator(schema)
        self._quick = quick_validator(schema, ["pattern"]) if plain else None

    def of(self, value: object) -> Iterable[ValidationError]:
        """Every error of `value`."""
        return () if self._is_plainly_valid(value) else self._authority.iter_errors(value)

    def _is_plainly_valid(self, value: object) -> bool:
        try:
            return self._quick is not None and bool(self._quick.is_valid(value))
        except ValueError:  # a text that is no UTF-8, a value that is nested too deeply
            return False
