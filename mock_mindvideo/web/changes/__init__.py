"""`GET /_mock/changes`: everything that happens in a world, as one ordered log, as it happens.

Nothing is written for it as long as nobody reads it. Who reads makes the log go on: from what the
store has recorded since, requests and acts alike, and from the time that has passed since, in
which tasks entered the states that they were planned to enter.
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Store
from mock_mindvideo.web.changes.feed import Feeds
from mock_mindvideo.web.changes.streaming import ChangesResponse
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.worlds import Registry
from mock_mindvideo.worlds.tasks import Service


class Changes:
    """The handler; it follows the world of the bearer key, `default` without one."""

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        store: Store,
        streams: OpenStreams,
        bounds: Bounds,
    ) -> None:
        self._worlds = worlds
        self._streams = streams
        self._feeds = Feeds(service, worlds, store, bounds)

    def routes(self) -> list[Route]:
        """The path, relative to `/_mock`."""
        return [Route("/changes", self.follow, methods=["GET"])]

    async def follow(self, request: Request) -> Response:
        """A stream of events without end; `?follow=0` ends it, and so does a client in process."""
        world = self._worlds.controlled(request.headers.get("authorization"))
        feed = self._feeds.of(world.name)
        whole = request.query_params.get("follow") == "0"
        last = _last_event_id(request.headers)
        return ChangesResponse(feed, self._streams, last, whole=whole)


def _last_event_id(headers: Headers) -> str | None:
    return headers.get("last-event-id") or None
