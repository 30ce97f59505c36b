"""A journal in memory: bounded by entries and bytes, over all worlds together."""

import marshal
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any

from mock_mindvideo.domain.journal import MOST_ACTS, Entry, LogPage, Note, entry_of
from mock_mindvideo.stores.rows import FLAT
from mock_mindvideo.stores.shares import Kept, Shares

#: Bytes of a row beside its texts.
_OVERHEAD = 400

#: Worlds of which it is known how much was dropped; of others, only that something may have been.
_REMEMBERED = 10_000


#: How many exchanges of a world were dropped, and the last number that was.
_Gone = tuple[int, int]


class Ring:
    """The newest entries of all worlds; who holds much of it makes room first.

    A note that was kept as it is would hold on to the buffers of its request and answer, and
    every later request would have to be given cold memory for its own. So a row is one `bytes`
    object, and `_acts` are the numbers of those that are acts: see `world_tables.py`.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._rows: Shares[bytes] = Shares(max_bytes)
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._each = max_bytes // max_entries  # so that many small entries are much, too
        self._bytes = 0
        self._acts: set[int] = set()
        self._exchanges = 0
        self._last = 0
        self.dropped = 0
        self._gone: OrderedDict[str, _Gone] = OrderedDict()
        self._gone_unknown = 0  # the last number that was dropped of the others

    def add(self, world: str, note: Note) -> None:
        self._last = number = self._last + 1
        values: tuple[Any, ...] = note
        packed = marshal.dumps(tuple(values), FLAT)
        self._rows.add(number, world, packed, len(packed) + self._each)
        self._bytes += len(packed) + _OVERHEAD
        if note.act is None:
            self._exchanges += 1
        else:
            self._acts.add(number)
        # Acts take no exchange's place: they are counted apart.
        while (
            self._exchanges > self._max_entries
            or self._bytes > self._max_bytes
            or len(self._acts) > MOST_ACTS
        ):
            self._drop(self._rows.pop())

    def _drop(self, kept: Kept[bytes]) -> None:
        number, world, packed, _ = kept
        exchange = self._without(number, packed)
        self.dropped += exchange
        count, _ = self._gone.get(world, (0, 0))
        self._gone[world] = count + exchange, number
        if len(self._gone) > _REMEMBERED:
            _, (_, last) = self._gone.popitem(last=False)
            self._gone_unknown = max(self._gone_unknown, last)

    def _without(self, number: int, packed: bytes) -> bool:
        """Take a row out of the sums; whether it was an exchange."""
        self._bytes -= len(packed) + _OVERHEAD
        if number in self._acts:
            self._acts.remove(number)
            return False
        self._exchanges -= 1
        return True

    def forgotten(self, world: str) -> int:
        """How many of the world's exchanges were dropped."""
        return self._gone.get(world, (0, 0))[0]

    def of(self, world: str, newest: int) -> Iterator[Entry]:
        """The world's newest exchanges as of the call, oldest first, made one by one."""
        acts = self._acts
        mine = (packed for number, _, packed, _ in self._rows.newest(world) if number not in acts)
        return map(_entry, reversed(list(islice(mine, newest))))

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """See `Store`."""
        if after is None:
            return LogPage((), self._last)
        newer = takewhile(lambda each: each[0] > after, self._rows.newest(world))
        mine = list(newer)[-most:]
        entries = tuple((number, _entry(packed)) for number, _, packed, _ in reversed(mine))
        last = entries[-1][0] if len(entries) == most else self._last
        _, gone = self._gone.get(world, (0, self._gone_unknown))
        return LogPage(entries, last, lost=gone > after)

    def forget(self, world: str) -> None:
        self._gone.pop(world, None)
        for number, _, packed, _ in self._rows.forget(world):
            self._without(number, packed)

    def __len__(self) -> int:
        return self._exchanges


def _entry(packed: bytes) -> Entry:
    return entry_of(Note._make(marshal.loads(packed)))  # noqa: S302 - written by this process
