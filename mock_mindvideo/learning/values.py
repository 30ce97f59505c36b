"""What a member stands for, by its name and by what it was: a moment, a share, a link."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")

#: Names of members that tell a moment, by what templates call it.
_MOMENTS: Mapping[str, "re.Pattern[str]"] = {
    name: re.compile(rf"(?i)(?:{words})(?:_?(?:at|time|on|date|timestamp))?")
    for name, words in {
        "created": "created|create|submitted|submit|queued",
        "started": "started|start|begun|running|processing",
        "updated": "updated|update|modified|changed",
        "ended": "ended|end|completed|complete|finished|finish|succeeded|failed|done",
    }.items()
}
_FIRST_SECOND, _LAST_SECOND = 1_000_000_000, 5_000_000_000


def moment(name: str, values: Sequence[Any]) -> str | None:
    """`created_at`, `ended` and their like, for a member that tells such a moment."""
    found = next((known for known, words in _MOMENTS.items() if words.fullmatch(name)), None)
    if found is None:
        return None
    if _all(values, is_text_moment):
        return f"{found}_at"
    return found if _all(values, is_second) else None


def is_text_moment(value: Any) -> bool:
    """Whether it is a moment as RFC 3339 has it."""
    return isinstance(value, str) and _RFC3339.fullmatch(value) is not None


def is_second(value: Any) -> bool:
    """Whether it is a moment in seconds since 1970."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and _FIRST_SECOND <= value <= _LAST_SECOND and value == int(value)


def _all(values: Sequence[Any], holds: Callable[[Any], bool]) -> bool:
    return bool(values) and all(map(holds, values))
