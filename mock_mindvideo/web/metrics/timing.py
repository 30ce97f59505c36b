"""How long a store takes for what is asked of it: whoever serves asks through a `TimedStore`.

A store in memory is not timed: it takes less than looking at the clock.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, cast

from mock_mindvideo.domain.place import MEMORY
from mock_mindvideo.stores import Store
from mock_mindvideo.web.metrics.tally import Tally

#: What requests wait for. What returns an iterator has done nothing yet when it returns.
OPERATIONS = (
    "add_key",
    "change",
    "change_all",
    "create",
    "enter",
    "has_idempotency_key",
    "journal",
    "key",
    "keys",
    "look",
    "move",
    "record",
    "recorded",
    "reset",
    "task",
    "world",
    "worlds",
)


class TimedStore:
    """A store whose OPERATIONS are timed; all else is its own."""

    def __init__(self, store: Store, tally: Tally) -> None:
        self._store = store
        for operation in OPERATIONS:
            setattr(self, operation, _timed(operation, getattr(store, operation), tally))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def timed(store: Store, tally: Tally) -> Store:
    """The store, timed where that is worth anything."""
    return store if store.kind == MEMORY else cast(Store, TimedStore(store, tally))


def _timed(operation: str, call: Callable[..., Any], tally: Tally) -> Callable[..., Any]:
    def calling(*arguments: Any, **named: Any) -> Any:
        began = perf_counter()
        try:
            return call(*arguments, **named)
        finally:
            tally.stored(operation, perf_counter() - began)

    return calling
