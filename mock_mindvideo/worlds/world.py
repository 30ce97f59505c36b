"""Worlds: accounts that do not see each other, chosen by the API key."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter
from typing import TypeVar

from mock_mindvideo.clock import Clock
from mock_mindvideo.domain.errors import DisabledApiKey, NotFound
from mock_mindvideo.domain.instant import LAST, Instant, microseconds
from mock_mindvideo.domain.keys import (
    DEFAULT_WORLD,
    DELETED_WORLD,
    DISABLED_WORLD,
    NO_CREDIT_WORLD,
    Credential,
    Key,
    credential,
    invalid_key,
    read_authorization,
)
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.script import Script
from mock_mindvideo.domain.task import Task, Transition, timeline
from mock_mindvideo.domain.work import Work, in_order, whole
from mock_mindvideo.domain.world import TIME, VIRTUAL_START, Change, WorldState
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Ground, Store

#: Worlds that a process remembers.
_REMEMBERED = 4096


Shown = TypeVar("Shown")

#: Asks the scripts of a world at a moment of its time.
Ask = Callable[[WorldState, Instant], tuple[WorldState, Script | None]]


class World:
    """One account: its clock, credit, scripts and keys. All of it lives in the store."""

    __slots__ = ("_clock", "_lifecycle", "_store", "name", "start")

    def __init__(self, start: WorldState, store: Store, clock: Clock, lifecycle: Lifecycle) -> None:
        self.name = start.name
        self.start = start
        self._store = store
        self._clock = clock
        self._lifecycle = lifecycle

    @property
    def state(self) -> WorldState:
        return self._store.world(self.start)

    def real(self) -> Instant:
        """The real moment, which the world's time may or may not follow."""
        return self._clock.real()

    def now(self) -> Instant:
        """The world's time."""
        return self.state.now(self._clock.real())

    def change(self, change: Change) -> WorldState:
        """Put the world through `change`, atomically; it may run more than once."""

        def turn(ground: Ground) -> tuple[WorldState, WorldState]:
            state = change(ground.state)
            return state, state

        return self._store.change(self.start, turn)

    def jump(self, at: Instant) -> None:
        """Move the clock on to `at`; never back."""
        self.change(lambda state: state.at(at, self._clock.real()))

    def advance(self, seconds: float) -> tuple[tuple[Task, Transition], ...]:
        """Move the clock on by `seconds`; what fell due, in the order of time."""
        return tuple(whole(self.advancing(seconds, lambda task, step: (task, step))))

    def advancing(
        self, seconds: float, show: Callable[[Task, Transition], Shown]
    ) -> Work[Iterator[Shown]]:
        """The same in short steps, of which the first moves the clock, as `show` makes of it."""

        def on(ground: Ground) -> tuple[WorldState, tuple[Instant, Instant]]:
            real = self._clock.real()
            before = ground.state.now(real)
            after = ground.state.at(before + microseconds(seconds), real)
            return after, (before, after.now(real))

        before, after = self._store.change(self.start, on)
        yield
        if before == after:
            return iter(())
        due: list[tuple[Instant, Shown]] = []
        for task in self._store.unfinished(self.name, before):
            steps = timeline(task, self._lifecycle)
            due += [(step.at, show(task, step)) for step in steps if before < step.at <= after]
            yield
        return (shown for _, shown in (yield from in_order(due, itemgetter(0))))

    def run(self, progress: str | None = None, speed: float | None = None) -> WorldState:
        """Change how time passes; None leaves it. The moment stays the same."""
        return self.change(lambda state: state.running(progress, speed, self._clock.real()))

    def set_credit(self, credit: Decimal | None) -> WorldState:
        """Set what is left to spend from now on, in US dollars; None lifts the limit."""

        def turn(ground: Ground) -> tuple[WorldState, WorldState]:
            state = ground.state.with_credit(credit, ground.number)
            return state, state

        return self._store.change(self.start, turn)

    def credit_left(self) -> Decimal | None:
        """What is left to spend, None without a limit."""

        def see(ground: Ground) -> Decimal | None:
            if ground.state.credit is None:
                return None
            now = ground.state.now(self._clock.real())
            return ground.state.left(ground.refunded(now))

        return self._store.look(self.start, see)

    def add_script(self, script: Script, origin: str, most: int) -> Script:
        """Add a script; where `most` are there, the oldest spent one goes.

        Raises ScriptError if none is spent.
        """
        state = self.change(lambda state: state.with_room(most).scripting(script, origin))
        return next(each for each in state.scripts if each.id == f"script_{state.scripted}")

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
            return ask(ground.state, ground.state.now(self._clock.real()))

        return self._store.change(self.start, turn)

    def clear_scripts(self) -> None:
        """Forget every script."""
        self.change(lambda state: replace(state, scripts=()))

    def create_key(self) -> tuple[Key, str]:
        """A new key for this world, and its secret, which is not kept and never shown again."""
        secret = f"mv_live_{secrets.token_hex(16)}"
        key = self._key(f"key_{secrets.token_hex(8)}", credential(secret))
        self._store.add_key(key)
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
        return changed

    def _name_key(self) -> Key:
        named = "mv_live_xxx" if self.name == DEFAULT_WORLD else f"mv_test_{self.name}"
        key = self._key(f"key_{self.name}", credential(named))
        return key._replace(disabled=self.name == DISABLED_WORLD)

    def _key(self, key_id: str, sent: Credential) -> Key:
        return Key(key_id, self.name, sent.digest, sent.masked, self.now())


class Keyring:
    """Which keys stand for a world by themselves; every other one must have been created.

    `hint` is added to the refusal of a key, `stray` names the world whose journal takes the
    requests that reach no world.
    """

    hint: str = ""
    stray: str | None = None

    def world_of(self, sent: Credential) -> str | None:
        """The world's name."""
        return sent.world


class Worlds:
    """Finds the world of a key, and makes it on first use."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lifecycle: Lifecycle,
        settings: Settings,
        scripts: Callable[[str], Sequence[Script]] = lambda name: (),
        keyring: Keyring | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lifecycle = lifecycle
        self._settings = settings
        self._scripts = scripts
        self._keyring = keyring or Keyring()
        self._opened: dict[str, World] = {}
        #: What the world `default` has from the start.
        self.furnish: Callable[[World], None] = lambda world: None

    def open(self, name: str) -> World:
        """The world of that name."""
        world = self._opened.get(name)
        if world is None:
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            world = World(self._start(name), self._store, self._clock, self._lifecycle)
            self._opened[name] = world
        return world

    def access(self, authorization: str | None) -> World:
        """The world of the key in an Authorization header.

        Raises MissingApiKey, InvalidApiKey or DisabledApiKey.
        """
        name, disabled = self._find(authorization)
        if disabled:
            raise DisabledApiKey("this API key is disabled; enable it, or use another")
        return self.open(name)

    @property
    def stray(self) -> World | None:
        """The world whose journal takes the requests that reach none, if there is one."""
        return self.open(self._keyring.stray) if self._keyring.stray else None

    def controlled(self, authorization: str | None) -> World:
        """The world that the control plane acts on: the key's, a disabled one too, or default."""
        return self.open(self._find(authorization)[0] if authorization else DEFAULT_WORLD)

    def reset(self, name: str) -> None:
        """Forget the world; the next use makes it anew."""
        self._store.reset(name)
        self._opened.pop(name, None)
        if name == DEFAULT_WORLD:
            self.furnish(self.open(name))

    def adopt(self) -> None:
        """Let settings that were given explicitly override those of stored worlds.

        Called once when a server starts, before its workers, so that none of them undoes what
        the control plane changed through another.
        """
        self._store.change_all(self._adopted)
        self.furnish(self.open(DEFAULT_WORLD))

    def _adopted(self, state: WorldState) -> WorldState:
        given = self._settings
        state = state.running(given.progress, given.speed, self._clock.real())
        seed = state.seed if given.seed is None else given.seed
        kept = tuple(script for script in state.scripts if script.origin != "file")
        state = replace(state, seed=seed, scripts=kept)
        for script in self._scripts(state.name):
            state = state.scripting(script, "file")
        return state

    def _find(self, authorization: str | None) -> tuple[str, bool]:
        """The name of a key's world, and whether the key is disabled."""
        sent = read_authorization(authorization)
        stored = self._store.key(sent.digest)
        if stored is not None and not stored.deleted:
            return stored.world, stored.disabled
        named = self._keyring.world_of(sent)
        if stored is not None or named is None or named == DELETED_WORLD:
            raise invalid_key(
                f"the API key {sent.masked} is unknown or was deleted{self._keyring.hint}"
            )
        return named, named == DISABLED_WORLD

    def _start(self, name: str) -> WorldState:
        settings = self._settings
        progress = settings.progress or TIME
        real = self._clock.real()
        wall = max(0, min(LAST, self._clock.wall()))
        state = WorldState(
            name=name,
            seed=secrets.randbits(63) if settings.seed is None else settings.seed,
            progress=progress,
            speed=settings.speed or 1.0,
            anchor=wall if progress == TIME else VIRTUAL_START,
            anchored=real,
            credit=Decimal(0) if name == NO_CREDIT_WORLD else None,
        )
        for script in self._scripts(name):
            state = state.scripting(script, "file")
        return state
