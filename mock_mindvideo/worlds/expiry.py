"""Worlds that nobody has used for long, forgotten: `--world-ttl`.

A use is a request by a key of the world, to the control plane too, for one of its files, or an open
stream. Each process notes the uses that it sees and writes them down now and then, so that what
other processes saw is known; a world goes a little later than its time, never earlier.
"""

import logging
from collections.abc import Callable
from contextlib import suppress

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.keys import DEFAULT_WORLD
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import NEVER, settlement
from mock_mindvideo.domain.work import Work
from mock_mindvideo.domain.world import TIME, WorldState
from mock_mindvideo.stores import Store

#: Looks in the life of an idle world; real seconds between two of them, at least and at most.
LOOKS, LEAST, LONGEST = 10, 0.05, 60.0

logger = logging.getLogger("mock_mindvideo")


class Expiry:
    """Forgets worlds that were idle for `ttl` real seconds.

    `used` are the names of worlds in which something was done since the last look, of which it
    takes note and which it empties; `held` says of a world whether a stream is open on it here.
    Never the world `default`, nor one in which something will happen by itself: time runs there,
    and a task has not ended that will.
    """

    def __init__(
        self,
        store: Store,
        lifecycle: Lifecycle,
        ttl: float,
        used: set[str],
        held: Callable[[str], bool] = lambda name: False,
    ) -> None:
        self._store = store
        self._lifecycle = lifecycle
        self._used = used
        self._held = held
        self.blocking = store.blocking
        self.ttl = ttl
        self.period = min(LONGEST, max(LEAST, ttl / LOOKS))

    def look(self) -> Work[tuple[str, ...]]:
        """Write down the uses, and forget the worlds that had none; the names of these."""
        now = self._store.clock.real()
        worlds = self._store.worlds()
        self._note_uses(worlds, now)
        before = now - round((self.ttl + self.period) * SECOND)
        last = self._store.last_uses()
        gone = []
        for state in worlds:
            yield
            idle = state.name != DEFAULT_WORLD and last.get(state.name, now) <= before
            if idle and self._let_go(state):
                gone.append(state.name)
        return tuple(gone)

    def _note_uses(self, worlds: tuple[WorldState, ...], now: Instant) -> None:
        """Those seen here; a world of which nobody has noted any is as if it was used now."""
        seen = set()
        while self._used:
            with suppress(KeyError):  # another thread took it
                seen.add(self._used.pop())
        known = self._store.last_uses()
        names = {state.name for state in worlds}
        held = {name for name in names if name not in known or self._held(name)}
        if marks := (seen & names) | held:
            try:
                self._store.note_uses(dict.fromkeys(marks, now))
            except Unavailable:
                self._used |= seen  # they are not lost, and nothing goes before they are written
                raise

    def _let_go(self, state: WorldState) -> bool:
        """Forget a world unless something is done in it meanwhile; whether it is gone."""
        seen, number = self._store.look(state, lambda ground: (ground.state, ground.number))
        if self._goes_on(seen):
            return False
        gone = self._store.forget_if(seen, number)
        if gone:
            logger.info("the world '%s' expired: nothing was asked of it for long", seen.name)
        return gone

    def _goes_on(self, state: WorldState) -> bool:
        if state.progress != TIME:
            return False
        now = state.now(self._store.clock.real())
        unfinished = self._store.unfinished(state.name, now)
        return any(settlement(task, self._lifecycle).ends_at < NEVER for task in unfinished)
