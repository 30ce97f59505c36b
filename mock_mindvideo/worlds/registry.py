"""From an API key to its world, and worlds as they are when they begin."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from mock_mindvideo.domain.errors import DisabledApiKey
from mock_mindvideo.domain.instant import LAST
from mock_mindvideo.domain.keys import (
    DEFAULT_WORLD,
    DELETED_WORLD,
    DISABLED_WORLD,
    NO_CREDIT_WORLD,
    invalid_key,
    read_authorization,
)
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.script import Script
from mock_mindvideo.domain.work import Work, whole
from mock_mindvideo.domain.world import TIME, VIRTUAL_START, WorldState
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store
from mock_mindvideo.system.clock import Clock
from mock_mindvideo.worlds.keyring import Keyring
from mock_mindvideo.worlds.world import World

#: Worlds that a process remembers.
_REMEMBERED = 4096


class Registry:
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
        #: The names of worlds that were used, where somebody looks for those that are not.
        self.uses: set[str] | None = set() if settings.world_ttl else None
        #: The name of the world whose journal takes the requests that reach none.
        self.stray_name = self._keyring.stray
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
        return self.enter(authorization)[0]

    def enter(self, authorization: str | None) -> tuple[World, WorldState | None]:
        """The same, and the world as it is if that was seen along with the key."""
        name, disabled, state = self._find(authorization)
        if disabled:
            raise DisabledApiKey("this API key is disabled; enable it, or use another")
        self.note_use(name)
        return self._opened.get(name) or self.open(name), state

    @property
    def stray(self) -> World | None:
        """The world whose journal takes the requests that reach none, if there is one."""
        return self.open(self.stray_name) if self.stray_name else None

    def controlled(self, authorization: str | None) -> World:
        """The world that the control plane acts on: the key's, a disabled one too, or default."""
        name = self.name_of(authorization)
        self.note_use(name)
        return self.open(name)

    def name_of(self, authorization: str | None) -> str:
        """The name of that world."""
        return self._find(authorization)[0] if authorization else DEFAULT_WORLD

    def note_use(self, name: str) -> None:
        """Something is done in that world, if that is of interest."""
        if self.uses is not None:
            self.uses.add(name)

    def reset(self, name: str, *, seed: int | None = None) -> None:
        """Forget the world; the next use makes it anew, with its own `seed` if one is given."""
        whole(self.resetting(name, seed=seed))

    def resetting(self, name: str, *, seed: int | None = None) -> Work[None]:
        """The same, as work in short steps."""
        yield from self._store.resetting(name)
        self._opened.pop(name, None)
        self.open(name).begin()
        if seed is not None:
            self.open(name).change(lambda state: replace(state, seed=seed))
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
        state = replace(state, seed=seed, scripts=kept, limits=given.limits(state.limits))
        for script in self._scripts(state.name):
            state = state.scripting(script, "file")
        return state

    def _find(self, authorization: str | None) -> tuple[str, bool, WorldState | None]:
        """The name of a key's world, whether the key is disabled, and the world if it was seen."""
        sent = read_authorization(authorization)
        named = self._keyring.world_of(sent)
        stored, state = self._store.enter(sent.digest, named)
        if stored is not None and not stored.deleted:
            return stored.world, stored.disabled, state if stored.world == named else None
        if stored is not None or named is None or named == DELETED_WORLD:
            raise invalid_key(
                f"the API key {sent.masked} is unknown or was deleted{self._keyring.hint}"
            )
        return named, named == DISABLED_WORLD, state

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
            limits=settings.limits(),
        )
        for script in self._scripts(name):
            state = state.scripting(script, "file")
        return state
