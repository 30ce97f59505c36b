"""One world: its clock, credit, scripts and keys."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter
from typing import TypeVar

from mock_mindvideo.domain.errors import InvalidRequest, NotFound, RateLimited, Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant, microseconds, rfc3339
from mock_mindvideo.domain.journal import Note, act_note
from mock_mindvideo.domain.keys import (
    DEFAULT_WORLD,
    DISABLED_WORLD,
    DOCUMENTED_KEY,
    Credential,
    Key,
    credential,
    test_key,
)
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.limits import WorldLimits, count
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.script import Script
from mock_mindvideo.domain.task import Task, Transition, timeline
from mock_mindvideo.domain.work import Work, in_order, whole
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.stores import Ground, Store
from mock_mindvideo.system.clock import Clock

Shown = TypeVar("Shown")

logger = logging.getLogger("mock_mindvideo")

#: Asks the scripts of a world at a moment of its time.
Ask = Callable[[WorldState, Instant], tuple[WorldState, Script | None]]


class World:
    """One world: its clock, credit, scripts and keys. All of it lives in the store."""

    __slots__ = ("_lifecycle", "_store", "name", "real", "start")

    def __init__(self, start: WorldState, store: Store, clock: Clock, lifecycle: Lifecycle) -> None:
        self.name = start.name
        self.start = start
        self._store = store
        #: The real moment, which the world's time may or may not follow.
        self.real: Callable[[], Instant] = clock.real
        self._lifecycle = lifecycle

    @property
    def state(self) -> WorldState:
        return self._store.world(self.start)

    def now(self, state: WorldState | None = None) -> Instant:
        """The world's time, by its `state` where that was looked at just now."""
        return (state or self.state).now(self.real())

    def change(self, change: Change) -> WorldState:
        """Put the world through `change`, atomically; it may run more than once."""

        def turn(ground: Ground) -> tuple[WorldState, WorldState]:
            state = change(ground.state)
            return state, state

        return self._store.change(self.start, turn)

    def tell(self, act: str, told: Mapping[str, object], task_id: str | None = None) -> None:
        """Write down that something was done to the world, for those who follow it."""
        self._tell(act_note(self.now(), act, task_id, told))

    def begin(self) -> None:
        """Write down that the world begins anew; it is not made by that."""
        self._tell(act_note(self.start.anchor, "reset", None, {}))

    def _tell(self, note: Note) -> None:
        try:
            self._store.record(self.name, note)
        except Unavailable as problem:  # it is done; it does not fail now
            logger.warning("part of the journal was lost: %s", problem)

    def jump(self, at: Instant) -> None:
        """Move the clock on to `at`; never back."""
        self.change(lambda state: state.at(at, self.real()))

    def advance(self, seconds: float) -> tuple[tuple[Task, Transition], ...]:
        """Move the clock on by `seconds`; what fell due, in the order of time."""
        return tuple(whole(self.advancing(seconds, lambda task, step: (task, step))))

    def advancing(
        self, seconds: float, show: Callable[[Task, Transition], Shown]
    ) -> Work[Iterator[Shown]]:
        """The same in short steps, of which the first moves the clock, as `show` makes of it."""

        def on(ground: Ground) -> tuple[WorldState, tuple[Instant, Instant]]:
            real = self.real()
            before = ground.state.now(real)
            after = ground.state.at(before + microseconds(seconds), real)
            return after, (before, after.now(real))

        before, after = self._store.change(self.start, on)
        if before != after:
            self.tell("clock", {"advanced": (after - before) / SECOND} | self._clock_told())
        yield
        if before == after:
            return iter(())
        due: list[tuple[Instant, Shown]] = []
        for task in self._store.unfinished(self.name, before):
            steps = timeline(task, self._lifecycle)
            due += [(step.at, show(task, step)) for step in steps if before < step.at <= after]
            yield
        return (shown for _, shown in (yield from in_order(due, itemgetter(0))))

    def next_due(self) -> Instant | None:
        """When something will next happen to a task by itself; None for never."""
        now = self.now()
        moments = [
            step.at
            for task in self._store.unfinished(self.name, now)
            for step in timeline(task, self._lifecycle)
            if step.at > now
        ]
        return min(moments, default=None)

    def run(self, progress: str | None = None, speed: float | None = None) -> WorldState:
        """Change how time passes; None leaves it. The moment stays the same."""
        before = self.state
        after = self.change(lambda state: state.running(progress, speed, self.real()))
        if (before.progress, before.speed) != (after.progress, after.speed):
            self.tell("clock", self._clock_told())
        return after

    def _clock_told(self) -> dict[str, object]:
        state, now = self.state, self.now()
        return {"now": rfc3339(now), "progress": state.progress, "speed": state.speed}

    def set_credit(self, credit: Decimal | None) -> WorldState:
        """Set what is left to spend from now on, in US dollars; None lifts the limit."""

        def turn(ground: Ground) -> tuple[WorldState, WorldState]:
            state = ground.state.with_credit(credit, ground.number)
            return state, state

        state = self._store.change(self.start, turn)
        self.tell("credit", {"credit": None if credit is None else text(credit)})
        return state

    def credit_left(self) -> Decimal | None:
        """What is left to spend, None without a limit."""

        def see(ground: Ground) -> Decimal | None:
            if ground.state.credit is None:
                return None
            now = ground.state.now(self.real())
            return ground.state.left(ground.refunded(now))

        return self._store.look(self.start, see)

    def set_limits(self, in_flight: int | None, quotas: Iterable[str] | None) -> WorldState:
        """Change what it bears, as `WorldLimits.given` says; raises LimitError."""

        def change(state: WorldState) -> WorldState:
            limits = (state.limits or WorldLimits()).given(in_flight, quotas)
            return replace(state, limits=limits, windows=())

        state = self.change(change)
        now = state.limits or WorldLimits()
        self.tell("limits", {"in_flight": now.in_flight, "quotas": now.texts})
        return state

    def count_request(self, key: str) -> None:
        """Count a request of that API key; raises RateLimited if a quota is full, uncounted."""

        def turn(ground: Ground) -> tuple[WorldState, Instant]:
            state = ground.state
            if state.limits is None or not state.limits.quotas:
                return state, 0
            counted = count(state.limits, state.windows, key, state.now(self.real()))
            return replace(state, windows=counted.windows), counted.until

        if until := self._store.change(self.start, turn):
            raise RateLimited("this API key has used up its quota of requests", until=until)

    def submitted(self) -> int:
        """How many tasks were submitted, those that made room for others among them."""
        return self._store.look(self.start, lambda ground: ground.number - 1)

    def add_script(self, script: Script, origin: str, most: int) -> Script:
        """Add a script; where `most` are there, the oldest spent one goes.

        Raises ScriptError if none is spent.
        """
        state = self.change(lambda state: state.with_room(most).scripting(script, origin))
        added = next(each for each in state.scripts if each.id == f"script_{state.scripted}")
        told = {"event": "added", "id": added.id, "script": added.text, "origin": added.origin}
        self.tell("script", told)
        return added

    @property
    def disturbed(self) -> bool:
        """Whether any stored script may disturb the transport."""
        return any(each.fault is not None for each in self.state.scripts)

    def ask_faults(self, method: str, path: str, *, streaming: bool) -> Script | None:
        """The stored script that disturbs this request, counted as asked."""
        return self._ask(
            lambda state, now: state.ask_faults(method, path, now, streaming=streaming)
        )

    def ask_direct(self, script: Script, origin: str, whose: str) -> Script | None:
        """The script that came with a request, if its counts let it fire."""
        mine = script._replace(whose=whose)
        return self._ask(lambda state, now: state.ask_direct(mine, origin, now))

    def _ask(self, ask: Ask) -> Script | None:
        def turn(ground: Ground) -> tuple[WorldState, Script | None]:
            return ask(ground.state, ground.state.now(self.real()))

        return self._store.change(self.start, turn)

    def clear_scripts(self) -> None:
        """Forget every script."""
        self.change(lambda state: replace(state, scripts=()))
        self.tell("script", {"event": "cleared"})

    def create_key(self, secret: str | None = None) -> tuple[Key, str]:
        """A new key for this world, and its secret, which is not kept and never shown again.

        Raises InvalidRequest where the `secret` that was asked for is another world's.
        """
        secret = secret or f"{PLATFORM.keys.live}{secrets.token_hex(16)}"
        key = self._key(f"key_{secrets.token_hex(8)}", credential(secret))
        owner = self._store.key(key.digest)
        if owner is not None and owner.world != self.name and not owner.deleted:
            raise InvalidRequest(
                f"/key: {key.masked} is a key of the world '{owner.world}' already; delete it there"
                " first"
            )
        self._store.add_key(key)
        self.tell("key", {"event": "created", "id": key.id, "key": key.masked})
        return key, secret

    def all_keys(self) -> tuple[Key, ...]:
        """The keys of this world: the one that names it, then those that were created.

        Deleted ones are among them, marked so.
        """
        stored = self._store.keys(self.name)
        names = self._name_key()
        first = next((key for key in stored if key.id == names.id), names)
        return (first, *(key for key in stored if key.id != names.id))

    def change_key(
        self, key_id: str, *, disabled: bool | None = None, deleted: bool = False
    ) -> Key:
        """Disable, enable or delete a key; raises NotFound."""
        key = next((key for key in self.all_keys() if key.id == key_id and not key.deleted), None)
        if key is None:
            raise NotFound(f"no key '{key_id[:64]}' in the world '{self.name}'")
        changed = key._replace(
            disabled=key.disabled if disabled is None else disabled, deleted=deleted
        )
        self._store.add_key(changed)
        event = "deleted" if deleted else "disabled" if changed.disabled else "enabled"
        self.tell("key", {"event": event, "id": changed.id, "key": changed.masked})
        return changed

    def _name_key(self) -> Key:
        named = DOCUMENTED_KEY if self.name == DEFAULT_WORLD else test_key(self.name)
        key = self._key(f"key_{self.name}", credential(named))
        return key._replace(disabled=self.name == DISABLED_WORLD)

    def _key(self, key_id: str, sent: Credential) -> Key:
        return Key(key_id, self.name, sent.digest, sent.masked, self.now())
