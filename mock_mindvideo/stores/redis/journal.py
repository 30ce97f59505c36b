"""The journal and the deliveries in Redis."""

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.journal import MOST_ACTS, Entry, weight
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.log import Bound, RedisLog


def journal(engine: Engine, bounds: Bounds) -> RedisLog[Entry]:
    """The newest entries of all worlds."""
    bound = Bound(bounds.journal_entries, MOST_ACTS, bounds.journal)
    return RedisLog(
        engine, "journal", bound, Entry, lambda each: (each.act is not None, weight(each))
    )


def deliveries(engine: Engine) -> RedisLog[Delivery]:
    """The newest events that streams were given, through all processes."""
    bound = Bound(MOST_DELIVERIES, 0, 1 << 50)
    return RedisLog(engine, "deliveries", bound, Delivery, lambda each: (False, 0))
