"""One log for each world that somebody follows, shared by all who follow it in this process."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from mock_mindvideo.domain.work import Work
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Store
from mock_mindvideo.web.changes.following import Follower
from mock_mindvideo.web.changes.log import Happening, Log
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service

#: Worlds whose logs are kept, those that were asked for last, and bytes of each log.
MOST_WORLDS = 16
MOST_BYTES = 4 * 1024 * 1024

#: Why nothing between an id and now can be told.
UNKNOWN = "the id was given by another process of the mock, or before it was started"
FORGOTTEN = "what came after the id is no longer kept: it was long ago, or the world was reset"


class Bookmark(NamedTuple):
    """How far somebody has read, and why something may be missing before that."""

    number: int
    gap: str | None = None


class Feed:
    """The log of one world, which goes on when somebody reads it."""

    def __init__(
        self, service: Service, worlds: Registry, store: Store, bounds: Bounds, name: str
    ) -> None:
        self._worlds = worlds
        self.name = name
        self.log = Log(bounds.journal_entries, min(bounds.journal, MOST_BYTES))
        self._follower = Follower(service, store, self.log)
        self._busy = Lock()

    @property
    def world(self) -> World:
        return self._worlds.open(self.name)

    def catch_up(self) -> Work[None]:
        """Bring the log up to now; nothing where somebody else is just doing that."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            yield from self._follower.catch_up(self.world)
        finally:
            self._busy.release()

    def place(self, event_id: str | None) -> Bookmark:
        """Where to go on after an event; at the end of the log without one."""
        if event_id is None:
            return Bookmark(self.log.last)
        number = self.log.number(event_id)
        return Bookmark(self.log.last, UNKNOWN) if number is None else Bookmark(number)

    def read(self, place: Bookmark, most: int) -> tuple[list[Happening], Bookmark]:
        """The next changes, and the place after them; its gap is what is missing before them."""
        changes = self.log.after(place.number, most)
        first = self.log.first_after(place.number)
        gap = place.gap or (FORGOTTEN if first > place.number + 1 else None)
        return changes, Bookmark(first - 1 + len(changes), gap)


class Feeds:
    """The feeds of the worlds that were followed last."""

    def __init__(self, service: Service, worlds: Registry, store: Store, bounds: Bounds) -> None:
        self._service = service
        self._bounds = bounds
        self._worlds = worlds
        self._store = store
        self._feeds: OrderedDict[str, Feed] = OrderedDict()
        self._lock = Lock()

    def of(self, name: str) -> Feed:
        """The world's feed, begun on first use."""
        with self._lock:
            feed = self._feeds.pop(name, None)
            if feed is None:
                feed = Feed(self._service, self._worlds, self._store, self._bounds, name)
            self._feeds[name] = feed
            while len(self._feeds) > MOST_WORLDS:
                self._feeds.popitem(last=False)
            return feed
