"""The mock without the web: worlds and use cases over one store and a clock that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.script import Script, parse
from mock_mindvideo.domain.world import MANUAL
from mock_mindvideo.settings import Bounds, Settings
from mock_mindvideo.stores import MemoryStore, Store
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import Submitted

CATALOG = builtin_catalog()
PRICE = "0.6165"


def body(prompt: str = "one", **more: Any) -> Mapping[str, Any]:
    given = {"prompt": prompt, "video_urls": ["https://a.example/v.mp4"]}
    return {"model": "wan2-7-r2v", "input": given | more}


@dataclass
class Mock:
    """One process of it; `again` is the next one, on the same store."""

    clock: FakeClock = field(default_factory=FakeClock)
    bounds: Bounds = field(default_factory=Bounds)
    store: Store = None  # type: ignore[assignment] - made below
    file_scripts: Sequence[str] = ()
    magic: bool = True
    settings: Mapping[str, Any] = field(default_factory=lambda: {"progress": MANUAL, "seed": 7})

    def __post_init__(self) -> None:
        if self.store is None:
            self.store = MemoryStore(CATALOG.lifecycle, self.clock, self.bounds)
        self.worlds = Registry(
            self.store, self.clock, CATALOG.lifecycle, Settings(**self.settings), self._scripts
        )
        self.service = Service(CATALOG, self.store, magic=self.magic)

    def _scripts(self, name: str) -> Sequence[Script]:
        return [parse(text) for text in self.file_scripts]

    def again(self, file_scripts: Sequence[str] = (), **settings: Any) -> "Mock":
        following = Mock(self.clock, store=self.store, file_scripts=file_scripts, settings=settings)
        following.worlds.adopt()
        return following

    def world(self, name: str = "default") -> World:
        return self.worlds.open(name)

    def submit(
        self,
        prompt: str = "one",
        idempotency_key: str | None = None,
        script: str | None = None,
        world: str = "default",
        **more: Any,
    ) -> Submitted:
        return self.submit_body(body(prompt, **more), idempotency_key, script, world)

    def submit_body(
        self,
        body: object,
        idempotency_key: str | None = None,
        script: str | None = None,
        world: str = "default",
    ) -> Submitted:
        order = self.service.orders.read(orjson.dumps(body))
        return self.service.submit(
            self.world(world), order, idempotency_key, parse(script) if script else None
        )

    def statuses(self, world: str = "default") -> list[str]:
        return [view.status for view in self.service.tasks(self.world(world), 1000)]
