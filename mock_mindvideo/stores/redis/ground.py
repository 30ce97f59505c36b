"""Worlds as decisions are made on them: read, changed where they are still so, made."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.base import Alter, Ground, Result
from mock_mindvideo.stores.redis.clock import Witness
from mock_mindvideo.stores.redis.decisions import Overtaken, WatchedGround
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import CHANNEL, WORLDS, WorldKeys
from mock_mindvideo.stores.redis.tasks import moment, task_in
from mock_mindvideo.stores.redis.worlds import NOTHING, KnownWorlds, Seen, written

#: How often a decision is made again before it is given up.
PATIENCE = 200

#: Worlds of which this process changes one at a time, so that it does not overtake itself.
_LOCKS = 256

#: What a world is made of beside its scripts, in the order of `read.lua`.
PARTS = ("version", "text", "revision", "micros", "number", "books", "seen")

_keys = lru_cache(maxsize=4096)(WorldKeys.of)


class Grounds:
    """The worlds of one Redis. `notice` makes of a world's name what is told of a change."""

    def __init__(self, engine: Engine, clock: Witness, notice: Callable[[str], str]) -> None:
        self.engine = engine
        self.known = KnownWorlds()
        self.clock = clock
        self.notice = notice
        self._locks = tuple(Lock() for _ in range(_LOCKS))

    def run(self, script: str, world: str, *arguments: Any) -> Any:
        """The answer of one of the scripts of a world."""
        return self.engine.run(script, _keys(world), *arguments)

    def read(self, start: WorldState) -> Seen:
        """The world as it is, without a version where it is not there."""
        known = self.known.last(start)
        found = self.run("read", start.name, known.version, known.revision)
        return self.take(known, start, found)

    def find(self, name: str) -> Seen | None:
        """The world of that name, None where there is none."""
        known = self.known.get(name)
        version, revision = (known.version, known.revision) if known else (NOTHING, NOTHING)
        return self._learned(known, name, self.run("read", name, version, revision))

    @staticmethod
    def query(name: str) -> tuple[str, ...]:
        """The command whose answer `glanced` takes."""
        return "HMGET", _keys(name).world, *PARTS

    def glanced(self, name: str, found: Sequence[bytes | None]) -> Seen | None:
        """The world of that name, None where there is none; asked again for scripts not known."""
        known = self.known.get(name)
        if not found[0]:
            return self._learned(known, name, None)
        if known is None or (found[2] or b"").decode() != known.revision:
            return self.find(name)
        version, text, revision, *rest = found
        return self._learned(known, name, (version, text, revision, b"", *rest))

    def _learned(self, known: Seen | None, name: str, found: Any) -> Seen | None:
        """The world in an answer of `read`; this process goes on from its latest moment."""
        if found:
            self.clock.witness(self.engine.read(int, found[7] or 0))
        return self.engine.read(partial(self.known.take, known, name), found)

    def take(self, known: Seen, start: WorldState, found: Any) -> Seen:
        """The same, one that is not there yet included."""
        return self._learned(known, start.name, found) or Seen(start)

    def task_in(self, row: bytes) -> Task:
        """The task in a row."""
        return self.engine.read(task_in, row)

    def made(self, start: WorldState) -> Seen:
        """The world as it is; made if it is new."""
        while not (seen := self.read(start)).version:
            self.change(start, lambda ground: (ground.state, None))
        return seen

    def look(self, start: WorldState, see: Callable[[Ground], Result]) -> Result:
        """See `Store`."""
        for _ in range(PATIENCE):
            try:
                return see(WatchedGround.of(self.made(start), self.refunded, self.free_at))
            except Overtaken:
                continue
        raise self.too_busy(start.name)

    def change(self, start: WorldState, alter: Alter[Result]) -> tuple[Result, bool]:
        """What `alter` gives, and whether the world was changed by it."""
        with self.turn_of(start.name):
            seen, fresh = self.known.last(start), False
            for _ in range(PATIENCE):
                ground = WatchedGround.of(seen, self.refunded, self.free_at)
                try:
                    state, result = alter(ground)
                except Overtaken:
                    seen, fresh = self.read(start), True
                    continue
                except Exception:
                    if fresh:
                        raise
                    seen, fresh = self.read(start), True  # what it was decided on may be over
                    continue
                now, done = self._carry_out(start, ground, state)
                if done:
                    return result, state != seen.state
                seen, fresh = now, True
        raise self.too_busy(start.name)

    def _carry_out(
        self, start: WorldState, ground: WatchedGround, state: WorldState
    ) -> tuple[Seen, bool]:
        """Write the world if it is still as it was seen; as it is now, and whether it was."""
        seen = ground.seen
        new, after = written(seen, state)
        belief = ground.belief(paid=state.committed != seen.state.committed)
        told = self.notice(start.name) if state != seen.state else ""
        real = moment(self.clock.real())
        with self.registered(seen):
            found = self.run(
                "change", start.name, *belief, seen.revision, real, *new, CHANNEL, told
            )
        if found[0] == 1:
            self.known.keep(start.name, after)
            return after, True
        return self.take(seen, start, found[1]), False

    @contextmanager
    def registered(self, seen: Seen) -> Iterator[None]:
        """List the world among all if it is new: before it is made, so that it is never forgotten,
        and after, where a reset has meanwhile taken it from the list.
        """
        if seen.version:
            yield
            return
        self.engine.ask("SADD", WORLDS, seen.state.name)
        yield
        self.engine.ask("SADD", WORLDS, seen.state.name)

    def refunded(self, seen: Seen, now: Instant) -> Decimal:
        """What tasks gave back by `now`; raises Overtaken where the world is not as it was seen."""
        if not seen.version:
            return Decimal(0)
        since = str(seen.state.credit_from)
        books, micros, *amounts = self.run("refunds", seen.state.name, moment(now), since)
        if (books.decode(), micros.decode()) != (seen.books, str(seen.micros)):
            raise Overtaken
        pairs = zip(amounts[::2], amounts[1::2], strict=True)
        return sum((Decimal(amount.decode()) * times for amount, times in pairs), Decimal(0))

    def free_at(self, seen: Seen, most: int) -> Instant:
        """From when on fewer than `most` tasks have not ended; raises Overtaken likewise."""
        if not seen.version:
            return 0
        number, books, end = self.run("free", seen.state.name, str(most - 1))
        if (number.decode(), books.decode()) != (str(seen.number), seen.books or "0"):
            raise Overtaken
        return self.engine.read(int, end or 0)

    def turn_of(self, world: str) -> Lock:
        """Held by who changes the world."""
        return self._locks[hash(world) % _LOCKS]

    def too_busy(self, world: str) -> Unavailable:
        """The refusal where others were faster again and again."""
        return self.engine.unavailable(f"the world '{world}' is changed by others all the time")
