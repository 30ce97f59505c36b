"""Reading JSON strictly, and writing it so that equal values are equal bytes.

orjson decides what is JSON. It reads an integer beyond 64 bits as a double, so a body in which
it found large doubles is read a second time with exact integers.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import orjson

from mock_mindvideo.domain.amount import amount, begins_deep
from mock_mindvideo.domain.errors import (
    InvalidIdempotencyKey,
    InvalidJson,
    MockError,
    PayloadTooLarge,
)
from mock_mindvideo.platform import PLATFORM

_NAME = PLATFORM.headers.idempotency_key

#: Levels of nesting that any reader of the body can be asked to take.
MAX_DEPTH = 64

#: Members and items in a body, unless a setting says otherwise.
MAX_VALUES = 10_000

#: Characters of a number.
MAX_DIGITS = 400

#: Bytes from which a body is long.
LONG = 64 * 1024

#: Integers up to here are doubles too, each its own.
EXACT = 2**53

MAX_IDEMPOTENCY_KEY = 255

_IDEMPOTENCY_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?", re.ASCII)


def read_json(body: bytes, most: int = MAX_VALUES) -> object:
    """The JSON value in `body`; whole numbers are ints, however they are written.

    Raises InvalidJson for anything that is not RFC 8259 JSON in UTF-8, for NaN and Infinity,
    lone surrogates, a byte order mark, numbers beyond a double or MAX_DIGITS, and nesting over
    MAX_DEPTH; and PayloadTooLarge for more than `most` members and items, before they are read.
    """
    if len(body) > most and amount(body, most) > most:
        raise _too_much(body, most)
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidJson(f"the body is not valid JSON: {error}") from None
    # In a long body, to count levels is quicker than to look whether there may be so many.
    may_be_deep = len(body) > LONG or body.count(b"[") + body.count(b"{") > MAX_DEPTH
    if may_be_deep and _depth(value) > MAX_DEPTH:
        raise _too_deep()
    if _has_no_double()(value):
        return value
    root = [value]
    return json.loads(body, parse_float=_number) if _rounded(root) else root[0]


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
            f"{_NAME} has {len(key)} characters; at most {MAX_IDEMPOTENCY_KEY} are allowed"
        )
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidIdempotencyKey(
            f"{_NAME} must be printable ASCII, must not be empty, "
            "and must not begin or end with a space"
        )
    return key


def _too_much(body: bytes, most: int) -> MockError:
    """What is told of a body that holds more than it may; depth first, as of any body."""
    if begins_deep(body, MAX_DEPTH):
        return InvalidJson(f"the body is not valid JSON: nested over {MAX_DEPTH} levels deep")
    return PayloadTooLarge(f"the body holds over {most} members and items")


def _too_deep() -> InvalidJson:
    return InvalidJson(f"the body is not acceptable JSON: nested over {MAX_DEPTH} levels deep")


@cache
def _has_no_double() -> Callable[[object], bool]:
    """What says of a value at once that no double is in it.

    In draft 4, and there alone, 5.0 is no integer.
    """
    import jsonschema_rs  # noqa: PLC0415 - many commands read no body

    schema = {
        "type": ["object", "array", "string", "integer", "boolean", "null"],
        "additionalProperties": {"$ref": "#"},
        "items": {"$ref": "#"},
    }
    return jsonschema_rs.Draft4Validator(schema).is_valid


def _rounded(root: list[Any]) -> bool:
    """Make ints of whole doubles, in place; True if one may have been rounded as it was read.

    Below 2^53 a double is whole just where what was written rounds to a whole number.
    """
    found: list[Any] = [root]
    for each in found:  # which grows as it goes
        for key, child in each.items() if type(each) is dict else enumerate(each):
            kind = type(child)
            if kind is dict or kind is list:
                found.append(child)
            elif kind is float:
                if abs(child) >= EXACT:
                    return True
                if child.is_integer():
                    each[key] = int(child)
    return False


def _number(text: str) -> int | float:
    """`text` as an int where it is whole, so that 1e30 equals its thirty-one digits."""
    if len(text) > MAX_DIGITS:
        raise InvalidJson(f"the body is not acceptable JSON: a number of over {MAX_DIGITS} digits")
    number = float(text)
    if abs(number) < EXACT:
        return int(number) if number.is_integer() else number
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits, power = int(whole + fraction), int(exponent or 0) - len(fraction)
    scale: int = 10 ** abs(power)
    if power >= 0:
        return digits * scale
    exact, rest = divmod(digits, scale)
    return int(number) if rest else exact


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
