"""What the agreement machine drives: each kind of store, and a model of them all."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis.stateful import RuleBasedStateMachine

from mock_mindvideo.domain.errors import MockError, NotFound
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import MANUAL, WorldState
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Ground, Payload, Store
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.worlds import Registry
from mock_mindvideo.worlds.tasks import Service

from .making import CATALOG, LIFECYCLE
from .model import ModelWorld
from .twice import TwiceStore


class Side(NamedTuple):
    """One process on a store, with the secrets of the keys that it made."""

    store: Store
    worlds: Registry
    service: Service
    secrets: dict[str, tuple[str, str]]


class Sides(RuleBasedStateMachine):
    """Memory whose changes run twice, and two processes that take turns on one shared store."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.models = {"default": ModelWorld(), "other": ModelWorld()}
        self.keys: dict[str, dict[str, Any]] = {}
        secrets: dict[str, tuple[str, str]] = {}
        self.memory = self.side(TwiceStore(LIFECYCLE, self.clock), {})
        self.others = [self.side(self.shared(), secrets), self.side(self.shared(), secrets)]

    def shared(self) -> Store:
        """One more opening of the store that both processes use."""
        return SqliteStore(Path(self.folder.name) / "mock.db", LIFECYCLE)

    def side(self, store: Store, secrets: dict[str, tuple[str, str]]) -> Side:
        worlds = Registry(store, self.clock, LIFECYCLE, Settings(seed=7, progress=MANUAL))
        return Side(store, worlds, Service(CATALOG, store), secrets)

    def both(self, act: Callable[[Side], Any]) -> Any:
        """What `act` gives on either side: the same answer, or the same refusal's code."""
        memory, other = (answer(act, side) for side in (self.memory, self.others[0]))
        self.others.reverse()
        assert memory == other
        return memory

    def do(self, act: Callable[[Side], Any]) -> None:
        """Let either side act; where a world that was reset is anchored is its own business."""
        self.both(lambda side: act(side) and None)

    def teardown(self) -> None:
        for side in (self.memory, *self.others):
            side.store.close()
        self.folder.cleanup()


def answer(act: Callable[[Side], Any], side: Side) -> Any:
    try:
        return act(side)
    except MockError as refusal:
        return refusal.code


def left_to_spend(side: Side, name: str) -> Decimal | None:
    """The credit that a create would see; the create itself is refused."""

    def look(ground: Ground) -> tuple[WorldState, Task]:
        seen.append((ground.state, ground.refunded(world.now())))
        raise NotFound("only looking")

    seen: list[tuple[WorldState, Decimal]] = []
    world = side.worlds.open(name)
    with suppress(NotFound):
        side.store.create(world.start, None, Payload("", b""), look)
    state, refunded = seen[-1]
    return None if state.credit is None else state.credit - state.committed + refunded
