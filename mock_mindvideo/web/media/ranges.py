"""Range requests for bytes, as RFC 9110 has them in section 14."""

import re
from collections.abc import Sequence

#: Parts of one file that one request may ask for; who asks for more gets the whole.
MOST_RANGES = 64

_UNIT = re.compile(r"bytes[ \t]*=(.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"([0-9]*)-([0-9]*)")

#: The first and the last byte of a part.
Span = tuple[int, int]


def spans(header: str | None, size: int) -> Sequence[Span] | None:
    """The parts of a file of `size` bytes that a Range header asks for, in its order.

    None where the header is to be ignored and the whole file sent: there is none, it is malformed
    or of another unit, or its parts are too many or longer than the file. Empty where there is
    nothing of the file in any of them (416).
    """
    unit = _UNIT.fullmatch(header or "")
    parts = [part.strip(" \t") for part in unit[1].split(",")] if unit else []
    found = [_RANGE.fullmatch(part) for part in parts if part]
    if not found or len(found) > MOST_RANGES:
        return None
    asked = []
    for each in found:
        if each is None or not _is_valid(each):
            return None
        asked.append(_span(each, size))
    there = [(first, last) for first, last in asked if first <= last]
    return None if sum(last + 1 - first for first, last in there) > size else there


def _is_valid(found: re.Match[str]) -> bool:
    first, last = found.groups()
    if first and last:
        return _order(first) <= _order(last)
    return bool(first or last)


def _span(found: re.Match[str], size: int) -> Span:
    """The part, cut to what is there; first > last if nothing is."""
    first, last = found.groups()
    if not first:
        return max(0, size - _number(last)), size - 1
    return _number(first), min(_number(last), size - 1) if last else size - 1


def _number(digits: str) -> int:
    """The number; one beyond every file for all that are longer than any size."""
    length, digits = _order(digits)
    return int(digits or "0") if length <= 18 else 10**18


def _order(digits: str) -> tuple[int, str]:
    """What numbers of any length are compared by."""
    digits = digits.lstrip("0")
    return len(digits), digits
