"""Conditional requests for a file, as RFC 9110 has them in section 13."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple

from starlette.datastructures import Headers

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class Version(NamedTuple):
    """What tells one state of a file from another.

    `tag` is a strong entity tag in its quotes, `modified` in seconds since 1970, None if unknown.
    """

    tag: str
    modified: int | None

    def headers(self) -> dict[str, str]:
        """The validators, for an answer."""
        if self.modified is None:
            return {"etag": self.tag}
        moment = format_datetime(datetime.fromtimestamp(self.modified, UTC), usegmt=True)
        return {"etag": self.tag, "last-modified": moment}


def refusal(headers: Headers, version: Version) -> int | None:
    """304 or 412 where a condition of a GET or HEAD does not hold, in the order of 13.2.2."""
    if (wanted := _field(headers, "if-match")) is not None:
        if not _names(wanted, version.tag, strong=True):
            return 412
    elif _changed_since(headers, "if-unmodified-since", version.modified) is True:
        return 412
    if (known := _field(headers, "if-none-match")) is not None:
        return 304 if _names(known, version.tag, strong=False) else None
    unchanged = _changed_since(headers, "if-modified-since", version.modified) is False
    return 304 if unchanged else None


def range_applies(headers: Headers, version: Version) -> bool:
    """Whether If-Range, if it is there, names this very version."""
    given = headers.getlist("if-range")
    if not given:
        return True
    tag = _TAG.fullmatch(given[0])
    if len(given) > 1:
        return False
    if tag is not None:
        return tag[1] is None and tag[2] == version.tag
    return version.modified is not None and _date(given[0]) == version.modified


def _field(headers: Headers, name: str) -> str | None:
    """The value of a header that is a list, over all of its lines."""
    lines = headers.getlist(name)
    return ", ".join(lines) if lines else None


def _names(field: str, tag: str, *, strong: bool) -> bool:
    if field.strip() == "*":
        return True
    return any(found[2] == tag and not (strong and found[1]) for found in _TAG.finditer(field))


def _changed_since(headers: Headers, name: str, modified: int | None) -> bool | None:
    """None where the header is not there, is no date, or nothing is known of the file."""
    given = headers.getlist(name)
    since = _date(given[0]) if len(given) == 1 else None
    return None if since is None or modified is None else modified > since


def _date(text: str) -> int | None:
    """Seconds since 1970 of a date in any of HTTP's three forms; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp())
