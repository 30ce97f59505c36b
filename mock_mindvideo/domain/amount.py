"""How much a JSON text holds, seen before it is read.

To read a value costs a hundred times its byte, and to check and compare it costs more; so a body
of a few megabytes can hold up a process for seconds. What stands inside strings costs nothing,
so strings are leapt over, however long.
"""

import re

#: An array or object that opens, and what may stand before another one in it.
_OPENING = rb'(?:\[\s*|\{\s*"[^"\\]{0,64}"\s*:\s*)'
_BEGINNING = 4096

#: Quotation marks escaped inside strings that count as one value: each is a stop on the way.
_ESCAPES = 4


def amount(text: bytes, most: int) -> int:
    """Members and items in a JSON text, as far as `most`; arrays and objects count themselves too.

    An upper bound, in a time that goes with `most` and hardly with the length.
    """
    count, at, stops = 0, 0, 0
    while count + stops // _ESCAPES <= most:
        quote = text.find(b'"', at)
        between = text[at : quote if quote >= 0 else len(text)]
        count += between.count(b",") + between.count(b"[") + between.count(b"{")
        if quote < 0:
            break
        at, skipped = _end(text, quote + 1, _ESCAPES * most)
        stops += skipped
    return count + stops // _ESCAPES


def begins_deep(text: bytes, levels: int) -> bool:
    """Whether over `levels` arrays and objects open one inside the other, near the beginning."""
    return re.search(_OPENING + b"{%d}" % (levels + 1), text[:_BEGINNING]) is not None


def _end(text: bytes, start: int, most: int) -> tuple[int, int]:
    """Where the string that begins at `start` is over, and how many escaped quotes it holds.

    After `most` of them the way ends here.
    """
    skipped = 0
    at = text.find(b'"', start)
    while at >= 0 and skipped <= most and _odd_backslashes(text[start:at]):
        skipped += 1
        start, at = at + 1, text.find(b'"', at + 1)
    return (at + 1 if at >= 0 else len(text)), skipped


def _odd_backslashes(text: bytes) -> bool:
    """Whether it ends in an odd number of backslashes, so that what follows is escaped."""
    return (len(text) - len(text.rstrip(b"\\"))) % 2 == 1
