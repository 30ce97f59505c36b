"""Moments of a world's clock: whole microseconds since 1970, so that sums are exact."""

from datetime import UTC, datetime, timedelta

Instant = int

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The end of the calendar that RFC 3339 can write.
LAST = int((datetime(9999, 12, 31, tzinfo=UTC) - EPOCH).total_seconds()) * SECOND


def microseconds(seconds: float) -> int:
    """`seconds` as whole microseconds."""
    return round(seconds * SECOND)


def rfc3339(at: Instant) -> str:
    """`at` as RFC 3339 in UTC with milliseconds, `2026-01-01T00:00:02.000Z`."""
    moment = EPOCH + timedelta(microseconds=at)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
