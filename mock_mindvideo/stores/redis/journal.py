"""The journal and the deliveries in Redis."""

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.journal import MOST_ACTS, Entry, Note, entry_of, weight
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.log import Bound, RedisLog, Written
from mock_mindvideo.stores.shares import PART

#: Notes that are held back while the server is away.
_MOST_HELD = 2000

#: Deliveries are bounded in number alone.
_ANY_SIZE = 1 << 50


def journal(engine: Engine, bounds: Bounds) -> RedisLog[Note, Entry]:
    """The newest entries of all worlds, with no key in them."""
    most, most_bytes = bounds.journal_entries, bounds.journal
    each = most_bytes // most  # so that many small entries are much, too
    bound = Bound(most, MOST_ACTS, most_bytes, each, most_bytes // PART, _MOST_HELD)
    return RedisLog(engine, "journal", bound, Entry, _entry)


def deliveries(engine: Engine) -> RedisLog[Delivery, Delivery]:
    """The newest events that streams were given, through all processes."""
    bound = Bound(MOST_DELIVERIES, 0, _ANY_SIZE, 1, MOST_DELIVERIES // PART, MOST_DELIVERIES)
    return RedisLog(engine, "deliveries", bound, Delivery, lambda each: Written(each, False, 0))


def _entry(note: Note) -> Written[Entry]:
    entry = entry_of(note)
    return Written(entry, entry.act is not None, weight(entry))
