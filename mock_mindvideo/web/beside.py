"""Everything beside the emulated API: the control plane, files, the page, paths that lead nowhere.

A Starlette application, of which a test seldom needs anything: see `App.surroundings`.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Router

from mock_mindvideo.domain.dialect import Dialect, in_own_words
from mock_mindvideo.domain.errors import InternalError, MethodNotAllowed, MockError, NotFound
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store
from mock_mindvideo.web import page
from mock_mindvideo.web.access_log import CODE, Logged
from mock_mindvideo.web.answers import (
    AsgiApp,
    Message,
    Receive,
    Scope,
    Send,
    new_request_id,
)
from mock_mindvideo.web.changes import Changes
from mock_mindvideo.web.control import ControlEndpoints
from mock_mindvideo.web.control.estimates import Estimates
from mock_mindvideo.web.control.guard import Guard
from mock_mindvideo.web.control.namespaces import Namespaces
from mock_mindvideo.web.cors import CONTROL, Cors, is_control
from mock_mindvideo.web.draining import Draining
from mock_mindvideo.web.headers import ascii_value
from mock_mindvideo.web.hints import hint
from mock_mindvideo.web.incoming import broken_off
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.links import MEDIA, Links
from mock_mindvideo.web.media import Media
from mock_mindvideo.web.media.uploads import Uploads
from mock_mindvideo.web.metrics.endpoint import Metrics
from mock_mindvideo.web.metrics.workers import WorkerTallies
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.probes import Probes
from mock_mindvideo.web.reload import Reloader
from mock_mindvideo.web.threshold import Threshold
from mock_mindvideo.worlds import Registry
from mock_mindvideo.worlds.tasks import Service

if TYPE_CHECKING:
    from mock_mindvideo.web.spans import Spans

#: In the scope of a request: how it is answered.
DIALECT = "mock_mindvideo.dialect"

logger = logging.getLogger("mock_mindvideo")


class Beside(Starlette):
    """What is beside the API, with its log lines, CORS and refusals.

    `lifespan` runs while a server does; `tallies` count what is answered; `expired_links` names
    the worlds whose links have expired because a test says so.
    """

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        store: Store,
        *,
        links: Links,
        open_streams: OpenStreams,
        reloader: Reloader,
        settings: Settings,
        expired_links: set[str],
        tallies: WorkerTallies,
        draining: Draining,
        spans: "Spans | None",
        lifespan: Callable[[Any], AbstractAsyncContextManager[None]],
    ) -> None:
        self._magic = settings.magic
        self._service = service
        origins = Origins(settings.allow_origin)
        media = Media(service, worlds, store, links, settings, store.clock, expired_links)
        control = ControlEndpoints(
            service, worlds, store, links, reloader, settings, open_streams, draining
        )
        changes = Changes(service, worlds, store, open_streams, settings.bounds)
        uploads = Uploads(worlds, store, links, settings.bounds.upload)
        probes, metrics = Probes(store, draining), Metrics(service, store, tallies)
        parts = (uploads, changes, Estimates(service, settings.bounds), page, metrics, control)
        steered = [route for part in parts for route in part.routes()]
        steering = self._entered([*steered, *probes.routes("")])
        # Refusals are made inside the guard, so that the pages it lets pass can read them.
        spaces = Namespaces(settings.namespace, worlds.name_of) if settings.namespace else None
        guarded = Guard(
            ExceptionMiddleware(steering, _REFUSALS), origins, settings.admin_token, spaces
        )
        self._answering = Logged(Cors(super().__call__, origins), tallies.own, spans)
        files = self._entered(media.routes())
        super().__init__(
            routes=[*probes.routes(), Mount(CONTROL, guarded), Mount(MEDIA, files)],
            exception_handlers={**_REFUSALS, Exception: _refuse_failed},
            lifespan=lifespan,
        )
        self.router.redirect_slashes = False  # it would lead to whatever host a client names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if scope["path"] == CONTROL:
            scope["path"] = f"{CONTROL}/"
        elif (place := page.wanted(scope)) is not None:
            scope["path"] = place
        # The control plane speaks in the mock's own words, whatever the API does.
        dialect = self._service.catalog.dialect
        dialect = scope[DIALECT] = in_own_words(dialect) if is_control(scope) else dialect
        await self._answering(scope, receive, _named(send, dialect))

    def _entered(self, routes: Sequence[BaseRoute]) -> AsgiApp:
        return Threshold(Router(routes, redirect_slashes=False), magic=self._magic)


def _envelope(request: Request, error: MockError) -> Response:
    request.scope[CODE] = error.code
    dialect: Dialect = request.scope[DIALECT]
    said, request_id = dialect.refusals, new_request_id(dialect.ids)
    headers = {name: ascii_value(value).decode() for name, value in said.header_lines(error)}
    headers |= {dialect.answers.request_id: request_id, "content-type": said.media_type}
    return JsonResponse(said.body(error, request_id), said.status(error), headers)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, MockError)  # noqa: S101 - registered for it
    return _envelope(request, error)


async def _refuse_unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return _envelope(
            request,
            MethodNotAllowed(
                f"{request.method} is not allowed here; use {allowed}",
                headers=(("Allow", allowed),),
            ),
        )
    return _envelope(
        request,
        NotFound(
            f"no such path; {hint(request.url.path)}"
            f"the API is under {PLATFORM.paths.submit}, the control plane under {CONTROL}/"
        ),
    )


async def _refuse_broken_off(request: Request, error: Exception) -> Response:
    return _envelope(request, broken_off())


_REFUSALS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    MockError: _refuse,
    HTTPException: _refuse_unknown,
    ClientDisconnect: _refuse_broken_off,
}


async def _refuse_failed(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _envelope(request, InternalError("the mock failed; see its log"))


def _named(send: Send, dialect: Dialect) -> Send:
    """`send`, with the request's id on the answer where it has none, and never to be sniffed."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            if dialect.answers.named not in names:
                named = dialect.answers.naming(new_request_id(dialect.ids))
                message["headers"] = [*message["headers"], *named]
            if b"x-content-type-options" not in names:
                message["headers"] = [*message["headers"], (b"x-content-type-options", b"nosniff")]
        await send(message)

    return sending
