"""jsonschema-rs, which says "valid" a hundred times faster than jsonschema, and says no more.

It gets patterns and steps from `dialect.py`, and leaves formats alone, as the authority does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs

from mock_mindvideo.catalog.dialect import is_multiple
from mock_mindvideo.catalog.patterns import found

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


def is_schema(schema: Any) -> bool:
    """Whether the quick validator takes `schema` for one; if not, the authority decides."""
    dialect = schema.get("$schema") if isinstance(schema, dict) else None
    if dialect is not None and str(dialect).rstrip("#") not in _AGREED_DIALECTS:
        return False
    try:
        return bool(jsonschema_rs.meta.is_valid(schema))
    except (ValueError, jsonschema_rs.ReferencingError):  # text that UTF-8 cannot hold
        return False


def quick_validator(schema: Any, own: Iterable[str] = ()) -> Any:
    """The quick validator; the keywords named `own` are matched by its own, linear engine."""
    keywords = {name: keyword for name, keyword in QUICK.items() if name not in own}
    linear = jsonschema_rs.RegexOptions()
    return jsonschema_rs.validator_for(
        schema, validate_formats=False, keywords=keywords, pattern_options=linear
    )


class QuickPattern:
    """`pattern`, as it asks."""

    def __init__(self, parent: Any, pattern: Any, path: Any) -> None:
        self._pattern = pattern

    def validate(self, value: object) -> None:
        if isinstance(value, str) and not found(self._pattern, value):
            raise ValueError("is not found")


class QuickStep:
    """`multipleOf`, as it asks."""

    def __init__(self, parent: Any, step: Any, path: Any) -> None:
        self._step = step

    def validate(self, value: object) -> None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and not is_multiple(value, self._step):  # type: ignore[arg-type]
            raise ValueError("is no multiple")


#: What it is to ask for these keywords.
QUICK: Mapping[str, Any] = {"pattern": QuickPattern, "multipleOf": QuickStep}
