"""`GET /_mock/metrics`: what a server does, for Prometheus and whatever reads its form."""

import time
from collections.abc import Sequence
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.stores import Store
from mock_mindvideo.web.metrics.counting import counted
from mock_mindvideo.web.metrics.workers import WorkerTallies
from mock_mindvideo.web.turns import in_turns
from mock_mindvideo.worlds.tasks import Service


class Metrics:
    """The endpoint, over what all workers counted and what the store keeps."""

    def __init__(self, service: Service, store: Store, tallies: WorkerTallies) -> None:
        self._service = service
        self._store = store
        self._tallies = tallies

    def routes(self) -> Sequence[Route]:
        return [Route("/metrics", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        from mock_mindvideo.web.metrics.exposition import (  # noqa: PLC0415 - few ask
            Measured,
            exposition,
        )

        began = time.perf_counter()
        counts = self._store.counts()
        look = time.perf_counter() - began
        tasks = await in_turns(counted(self._store, self._service.catalog.lifecycle))
        money = {"held": float(tasks.held), "charged": float(tasks.charged)}
        seen = Measured(
            version("mock-mindvideo"),
            self._tallies.all(),
            self._store.kind,
            counts,
            tasks.states,
            money,
            look,
        )
        text, media_type = exposition(seen, request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
