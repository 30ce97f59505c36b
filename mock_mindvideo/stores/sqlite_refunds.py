"""What ended tasks give back of their estimates, in the SQLite file: each is added up once."""

from dataclasses import replace
from decimal import Decimal
from sqlite3 import Connection

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.world import WorldState

_ENDED = "world = ? AND refund IS NOT NULL AND number >= ? AND ends_at <= ?"


class Refunds:
    """The `refunded` of a Ground: what has been given back by a moment, and is not settled yet."""

    def __init__(self, db: Connection, state: WorldState) -> None:
        self._db = db
        self._state = state
        self._asked: tuple[Instant, Decimal] | None = None

    def __call__(self, now: Instant) -> Decimal:
        found = self._db.execute(
            f"SELECT refund, count(*) FROM tasks WHERE {_ENDED} GROUP BY refund",
            (self._state.name, self._state.credit_from, now),
        )
        total = sum((Decimal(refund) * count for refund, count in found), Decimal(0))
        self._asked = now, total
        return total

    def settle(self, state: WorldState) -> WorldState:
        """Take from what is committed what has been asked for, so that nobody adds it up again.

        A task that has ended never changes, nor do the worlds' clocks go back. Within a
        transaction that writes the world as it is returned.
        """
        if self._asked is None:
            return state
        now, total = self._asked
        if not total:
            return state
        self._db.execute(
            f"UPDATE tasks SET refund = NULL WHERE {_ENDED}",
            (state.name, self._state.credit_from, now),
        )
        return replace(state, committed=state.committed - total)
