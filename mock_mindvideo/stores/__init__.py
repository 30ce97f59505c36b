"""Where worlds are kept: what every store promises, and the stores that promise it."""

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores.base import Ground, Payload, Store, Turn
from mock_mindvideo.stores.memory import MemoryStore
from mock_mindvideo.system.clock import Clock

__all__ = ["Ground", "MemoryStore", "Payload", "Store", "Turn", "open_store"]


def open_store(
    settings: Settings,
    lifecycle: Lifecycle,
    clock: Clock | None = None,
    *,
    existing: bool = False,
) -> Store:
    """The store that the settings name, by its own clock unless one is given.

    A file that is `existing` is never made, since other processes have it.

    Raises StoreError for a file that cannot be one.
    """
    if settings.db is None:
        return MemoryStore(lifecycle, clock, settings.bounds)
    from mock_mindvideo.stores.sqlite import SqliteStore  # noqa: PLC0415 - only who wants a file pays

    return SqliteStore(
        settings.db, lifecycle, settings.bounds, clock, settings.durability, existing=existing
    )
