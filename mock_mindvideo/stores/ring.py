"""A journal in memory: bounded by entries and bytes, over all worlds together."""

import marshal
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice, takewhile
from operator import itemgetter
from typing import Any, NamedTuple

from mock_mindvideo.domain.journal import LIGHTEST, MOST_ACTS, Entry, LogPage, Note, entry_of
from mock_mindvideo.stores.rows import FLAT
from mock_mindvideo.stores.shares import Kept, Shares

#: Pages that the journal has when it is full. Whole ones make room, so it is never emptier than
#: by one of these, and a small journal has one entry on each.
_PAGES = 256

#: Worlds of which it is known how much was dropped; of others, only that something may have been.
_REMEMBERED = 10_000


#: How many exchanges of a world were dropped, and the last number that was.
_Gone = tuple[int, int]

#: A number, and the members of its note.
_Row = tuple[Any, ...]

_number = itemgetter(0)


class _Page(NamedTuple):
    """A few entries of a world in one `bytes` object: the last one's number, and how many.

    `acts` says that they are acts; a page has exchanges or acts.
    """

    last: int
    entries: int
    acts: bool
    packed: bytes


class Ring:
    """The newest entries of all worlds; who holds much of it makes room first.

    Entries are written page by page. One by one they would take twice the time, and each would be
    given memory that the processor has not seen for long, as old ones are all over it.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._pages: Shares[_Page] = Shares(max_bytes)
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._each = max_bytes // max_entries  # so that many small entries are much, too
        self._room = self._page_bytes = min(max_bytes, max_entries * LIGHTEST) // _PAGES
        self._fresh: dict[str, list[_Row]] = {}  # what is on no page yet
        self._bytes = 0
        self._acts = 0
        self._exchanges = 0
        self._last = 0
        self._dropped = 0
        self._gone: OrderedDict[str, _Gone] = OrderedDict()
        self._gone_unknown = 0  # the last number that was dropped of the others

    def add(self, world: str, note: Note) -> None:
        self._last = number = self._last + 1
        if note.act is not None:
            self._settle()
            self._keep(world, [(number, *note)], acts=True)
            return
        mine = self._fresh.get(world)
        if mine is None:
            mine = self._fresh[world] = []
        mine.append((number, *note))
        self._room -= LIGHTEST + len(note.body) + len(note.answer)
        if self._room <= 0:
            self._settle()

    def _settle(self) -> None:
        """Write what is fresh on pages, which is needed before anything is read or counted."""
        fresh, self._fresh = self._fresh, {}
        self._room = self._page_bytes
        for world, rows in fresh.items():
            self._keep(world, rows, acts=False)

    def _keep(self, world: str, rows: list[_Row], *, acts: bool) -> None:
        packed = marshal.dumps(rows, FLAT)
        page = _Page(_number(rows[-1]), len(rows), acts, packed)
        self._pages.add(_number(rows[0]), world, page, len(packed) + len(rows) * self._each)
        self._count(page, 1)
        # Acts take no exchange's place: they are counted apart.
        while (
            self._exchanges > self._max_entries
            or self._bytes > self._max_bytes
            or self._acts > MOST_ACTS
        ):
            self._drop(self._pages.pop())

    def _count(self, page: _Page, sign: int) -> None:
        """Add a page to the sums, or take it out of them."""
        self._bytes += sign * (len(page.packed) + page.entries * LIGHTEST)
        if page.acts:
            self._acts += sign * page.entries
        else:
            self._exchanges += sign * page.entries

    def _drop(self, kept: Kept[_Page]) -> None:
        _, world, page, _ = kept
        self._count(page, -1)
        exchanges = 0 if page.acts else page.entries
        self._dropped += exchanges
        count, _ = self._gone.get(world, (0, 0))
        self._gone[world] = count + exchanges, page.last
        if len(self._gone) > _REMEMBERED:
            _, (_, last) = self._gone.popitem(last=False)
            self._gone_unknown = max(self._gone_unknown, last)

    @property
    def dropped(self) -> int:
        """How many exchanges of all worlds were dropped."""
        self._settle()
        return self._dropped

    def forgotten(self, world: str) -> int:
        """How many of the world's exchanges were dropped."""
        self._settle()
        return self._gone.get(world, (0, 0))[0]

    def of(self, world: str, newest: int) -> Iterator[Entry]:
        """The world's newest exchanges as of the call, oldest first, made one by one."""
        self._settle()
        mine, count = deque[_Page](), 0
        for _, _, page, _ in self._pages.newest(world):
            if count >= newest:
                break
            if not page.acts:
                mine.appendleft(page)
                count += page.entries
        return map(_entry, islice(_rows(mine), max(0, count - newest), None))

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """See `Store`."""
        if after is None:
            return LogPage((), self._last)
        self._settle()
        pages = (page for _, _, page, _ in self._pages.newest(world))
        newer = list(takewhile(lambda page: page.last > after, pages))
        rows = dropwhile(lambda row: _number(row) <= after, _rows(reversed(newer)))
        entries = tuple((_number(row), _entry(row)) for row in islice(rows, most))
        last = entries[-1][0] if len(entries) == most else self._last
        _, gone = self._gone.get(world, (0, self._gone_unknown))
        return LogPage(entries, last, lost=gone > after)

    def forget(self, world: str) -> None:
        self._settle()
        self._gone.pop(world, None)
        for _, _, page, _ in self._pages.forget(world):
            self._count(page, -1)

    def __len__(self) -> int:
        self._settle()
        return self._exchanges


def _rows(pages: Iterable[_Page]) -> Iterator[_Row]:
    """What stands on pages."""
    for page in pages:
        yield from marshal.loads(page.packed)  # noqa: S302 - written by this process


def _entry(row: _Row) -> Entry:
    return entry_of(Note._make(row[1:]))
