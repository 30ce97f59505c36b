"""The newest changes of one world, in memory, each with an id that says where to go on."""

import secrets
from collections import deque
from itertools import islice
from typing import NamedTuple

from mock_mindvideo.web.answers import json_bytes

#: Bytes of a change beside its own.
_OVERHEAD = 200

#: Digits of a number in an id; there are no longer ones.
_DIGITS = 15


class Happening(NamedTuple):
    """Something that happened: what kind of thing, and JSON that tells of it."""

    kind: str
    data: bytes


class Log:
    """Numbered from 1, bounded in number and bytes; the oldest make room.

    An id is a name drawn for this log, and the number. So one that another process gave, or one
    from before a restart, is known as such.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._name = secrets.token_hex(4)
        self._most = most
        self._most_bytes = most_bytes
        self._changes: deque[Happening] = deque()
        self._bytes = 0
        self.last = 0

    def add(self, kind: str, told: object) -> None:
        """Add a change, told as JSON."""
        change = Happening(kind, json_bytes(told))
        self._changes.append(change)
        self.last += 1
        self._bytes += len(change.data) + _OVERHEAD
        while len(self._changes) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._changes.popleft().data) + _OVERHEAD

    def clear(self) -> None:
        """Forget all changes, as the store does; who has not read them yet has lost them."""
        self._changes.clear()
        self._bytes = 0

    def id(self, number: int) -> str:
        """The id of the change of that number; 0 is the place before the first."""
        return f"{self._name}-{number}"

    def number(self, event_id: str) -> int | None:
        """The number that an id stands for, None for one that is not of this log."""
        name, _, digits = event_id.partition("-")
        known = digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS
        if name != self._name or not known or int(digits) > self.last:
            return None
        return int(digits)

    def first_after(self, number: int) -> int:
        """The number of the first change after that one which is still here, or is to come."""
        return max(number, self.last - len(self._changes)) + 1

    def after(self, number: int, most: int) -> list[Happening]:
        """At most so many changes from `first_after` on."""
        begin = self.first_after(number) - 1 - (self.last - len(self._changes))
        return list(islice(self._changes, begin, begin + most))
