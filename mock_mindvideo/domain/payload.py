"""Reading JSON strictly, and writing it so that equal values are equal bytes.

orjson decides what is JSON. It reads an integer beyond 64 bits as a double, so a body in which
it found doubles is read a second time with exact integers.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson

from mock_mindvideo.domain.errors import InvalidIdempotencyKey, InvalidJson

#: Levels of nesting that any reader of the body can be asked to take.
MAX_DEPTH = 64

MAX_IDEMPOTENCY_KEY = 255

_IDEMPOTENCY_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?", re.ASCII)


def read_json(body: bytes) -> object:
    """The JSON value in `body`; whole numbers are ints, however they are written.

    Raises InvalidJson for anything that is not RFC 8259 JSON in UTF-8, for NaN and Infinity,
    lone surrogates, a byte order mark, numbers beyond a double and nesting over MAX_DEPTH.
    """
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidJson(f"the body is not valid JSON: {error}") from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise InvalidJson(f"the body is not acceptable JSON: nested over {MAX_DEPTH} levels deep")
    if _holds_float(value):
        value = json.loads(body, parse_float=_number)
    return value


def canonical(value: object) -> bytes:
    """`value` as JSON with sorted keys and no white space; equal values give equal bytes."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def check_idempotency_key(key: str) -> str:
    """`key` if it is 1 to 255 printable ASCII characters, not beginning or ending in a space.

    Raises InvalidIdempotencyKey otherwise. The limits are invented.
    """
    if len(key) > MAX_IDEMPOTENCY_KEY:
        raise InvalidIdempotencyKey(
            f"Idempotency-Key has {len(key)} characters; at most {MAX_IDEMPOTENCY_KEY} are allowed"
        )
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidIdempotencyKey(
            "Idempotency-Key must be printable ASCII, must not be empty, "
            "and must not begin or end with a space"
        )
    return key


def _holds_float(value: object) -> bool:
    """Whether orjson read any number as a double: one with a fraction, or beyond 64 bits."""
    found: list[Any] = [value]
    for each in found:  # which grows as it goes
        kind = type(each)
        if kind is dict:
            found.extend(each.values())
        elif kind is list:
            found.extend(each)
        elif kind is float:
            return True
    return False


def _number(text: str) -> int | float:
    """`text` as an int where it is whole, so that 1e30 equals its thirty-one digits."""
    number = float(text)
    if not number:  # so that no power of ten is worked out for 0e99999999 or 1e-99999999
        return 0
    exact = Decimal(text)
    if exact == exact.to_integral_value():
        return int(exact)
    return int(number) if number.is_integer() else number


def _depth(value: object) -> int:
    """Levels of arrays and objects, counted without recursion."""
    levels = 0
    level: list[object] = [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        levels += 1
        level = [child for parent in level for child in _children(parent)]
    return levels


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
