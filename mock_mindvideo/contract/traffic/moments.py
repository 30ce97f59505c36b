"""Moments as recorders write them, as seconds that can be compared."""

from datetime import UTC, datetime
from typing import Any

#: Milliseconds that are beyond any calendar.
_LAST = 1e15


def seconds(value: Any) -> float:
    """Seconds since 1970 of an RFC 3339 text with any offset, UTC without one; NaN for no moment.

    A number is taken as seconds or milliseconds since then.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < _LAST:
            return float("nan")
        return value / 1000 if value > 1e11 else float(value)
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
