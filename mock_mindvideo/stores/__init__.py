"""Where worlds are kept: what every store promises, and the stores that promise it."""

from typing import TYPE_CHECKING

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.place import RedisAddress
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores.base import Alter, Ground, Payload, Store, StoreError, Unfinished
from mock_mindvideo.stores.memory import MemoryStore
from mock_mindvideo.system.clock import Clock

if TYPE_CHECKING:
    from mock_mindvideo.stores.redis.store import RedisStore

__all__ = [
    "Alter",
    "Ground",
    "MemoryStore",
    "Payload",
    "Store",
    "StoreError",
    "Unfinished",
    "open_store",
]


def open_store(
    settings: Settings,
    lifecycle: Lifecycle,
    clock: Clock | None = None,
    *,
    existing: bool = False,
) -> Store:
    """The store that the settings name, by its own clock unless one is given.

    A store that is `existing` is never made, since other processes have it.

    Raises StoreError for what cannot be one.
    """
    place, bounds = settings.place, settings.bounds
    if place.file is not None:
        from mock_mindvideo.stores.sqlite import SqliteStore  # noqa: PLC0415 - only who wants a file pays

        durability = settings.durability
        return SqliteStore(place.file, lifecycle, bounds, clock, durability, existing=existing)
    if place.address is not None:
        return _redis(place.address)(place.address, lifecycle, bounds, clock, existing=existing)
    return MemoryStore(lifecycle, clock, bounds)


def _redis(address: RedisAddress) -> "type[RedisStore]":
    """The store's class; raises StoreError where its library is missing."""
    try:
        from mock_mindvideo.stores.redis.store import RedisStore  # noqa: PLC0415 - likewise
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("mock_mindvideo"):
            raise
        raise StoreError(
            f"{address}: {problem.name} is missing: pip install 'mock-mindvideo[redis]'"
        ) from None
    return RedisStore
