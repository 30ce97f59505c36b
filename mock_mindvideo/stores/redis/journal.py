"""The journal and the deliveries in Redis."""

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.journal import MOST_ACTS, Entry, weight
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.redis.log import Bound, Log
from mock_mindvideo.stores.redis.server import Server


def journal(server: Server, bounds: Bounds) -> Log[Entry]:
    """The newest entries of all worlds."""
    bound = Bound(bounds.journal_entries, MOST_ACTS, bounds.journal)
    return Log(server, "journal", bound, Entry, lambda each: (each.act is not None, weight(each)))


def deliveries(server: Server) -> Log[Delivery]:
    """The newest events that streams were given, through all processes."""
    bound = Bound(MOST_DELIVERIES, 0, 1 << 50)
    return Log(server, "deliveries", bound, Delivery, lambda each: (False, 0))
