"""The application: the only place where things are wired together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_mindvideo.catalog import Catalog, catalog_of
from mock_mindvideo.domain.errors import (
    InternalError,
    MethodNotAllowed,
    MockError,
    NotFound,
    Unavailable,
)
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store, open_store
from mock_mindvideo.stores.snapshot import load_snapshot
from mock_mindvideo.system.clock import Clock
from mock_mindvideo.web import page
from mock_mindvideo.web.access_log import CODE, Logged, write_line
from mock_mindvideo.web.answers import envelope, new_request_id
from mock_mindvideo.web.beside import Beside
from mock_mindvideo.web.changes import Changes
from mock_mindvideo.web.control import ControlEndpoints
from mock_mindvideo.web.control.estimates import Estimates
from mock_mindvideo.web.control.guard import Guard
from mock_mindvideo.web.cors import CONTROL, Cors
from mock_mindvideo.web.demo import Demo
from mock_mindvideo.web.emulation import Emulation
from mock_mindvideo.web.entrance import first_look
from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.headers import REQUEST_ID, ascii_value
from mock_mindvideo.web.hints import hint
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.links import MEDIA, Links
from mock_mindvideo.web.media import Media
from mock_mindvideo.web.media.uploads import Uploads
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.reload import Reloader
from mock_mindvideo.web.routes import PREFIX
from mock_mindvideo.web.script_file import read_script_file
from mock_mindvideo.web.threads import called, serve_in_thread
from mock_mindvideo.web.transitions import Transitions
from mock_mindvideo.worlds import Keyring, Registry
from mock_mindvideo.worlds.tasks import Service

logger = logging.getLogger("mock_mindvideo")

#: Real seconds between two writes of what a store held back.
FLUSH = 0.05


class App(Starlette):
    """The mock. Hot paths go straight to the emulation, everything else through Starlette."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | None = None,
        store: Store | None = None,
        catalog: Catalog | None = None,
        keyring: Keyring | None = None,
        watch: bool = False,
        demo: bool = False,
    ) -> None:
        self.settings = settings = settings or Settings()
        catalog = catalog or catalog_of(settings.schemas)
        self.store = store = store or open_store(settings, catalog.lifecycle, clock)
        self.clock = clock = clock or store.clock
        self.worlds = Registry(
            store, clock, catalog.lifecycle, settings, read_script_file(settings.script), keyring
        )
        self.service = Service(
            catalog,
            store,
            strict=settings.strict,
            magic=settings.magic,
            values=settings.bounds.values,
        )
        if demo:
            self.worlds.furnish = Demo(self.service, store)
        self.open_streams = OpenStreams(store, settings.streams)
        self.gates = Gates()
        self.transitions = Transitions(self.service, store)
        self.reloader = Reloader(self.service, settings.schemas)
        #: Called in the event loop when everything has started; the server answers from then on.
        self.ready: Callable[[], None] = lambda: None
        self._watch = watch
        self._links = Links(self.service, settings.public_url)
        self.emulation = Emulation(
            self.service,
            self.worlds,
            self.open_streams,
            Recorder(store, self.transitions, self.worlds.stray),
            self._links,
            settings,
            self.gates,
            blocking=store.blocking,
        )
        self._origins = Origins(settings.allow_origin)
        self._beside = Logged(Cors(super().__call__, self._origins))
        super().__init__(
            exception_handlers={**_REFUSALS, Exception: _refuse_failed},
            lifespan=self._lifespan,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif (answer := first_look(scope)) is not None:
            write_line(scope, answer.status, answer.code, 0.0)
            await answer.send(_for_method(scope, send))
        elif (emulated := self.emulated(scope)) is not None:
            await self.emulation(emulated, receive, send)
        elif self.store.blocking:
            await serve_in_thread(self.beside, scope, receive, send)
        else:
            await self.beside(scope, receive, send)

    async def beside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not for the emulated API, here, though the store may block."""
        scope = self._links.without_prefix(scope) or scope
        if scope["path"] == CONTROL:
            scope["path"] = f"{CONTROL}/"
        elif (place := page.wanted(scope)) is not None:
            scope["path"] = place
        _ = self.routes
        await self._beside(scope, receive, _for_method(scope, _named(send)))

    def emulated(self, scope: Scope) -> Scope | None:
        """A request for the emulated API, without the prefix of a proxy; None for all others."""
        if not scope["path"].startswith(PREFIX):
            scope = self._links.without_prefix(scope) or scope
        return scope if scope["path"].startswith(PREFIX) else None

    @property
    def routes(self) -> list[BaseRoute]:
        """Everything beside the API; made late, since a test's own application seldom needs it."""
        if not self.router.routes:
            self.router.routes.extend(self._mounts())
        return self.router.routes

    def _mounts(self) -> Sequence[Mount]:
        settings, links = self.settings, self._links
        #: Worlds whose links have expired because a test says so.
        self.expired_links: set[str] = set()
        media = Media(
            self.service, self.worlds, self.store, links, settings, self.clock, self.expired_links
        )
        control = ControlEndpoints(
            self.service,
            self.worlds,
            self.store,
            links,
            self.reloader,
            settings,
            self.open_streams,
        )
        changes = Changes(self.service, self.worlds, self.store, self.open_streams, settings.bounds)
        uploads = Uploads(self.worlds, self.store, links, settings.bounds.upload)
        estimates = Estimates(self.service, settings.bounds)
        steering = self._entered(
            [
                *uploads.routes(),
                *changes.routes(),
                *estimates.routes(),
                *page.routes(),
                *control.routes(),
            ]
        )
        files = self._entered(media.routes())
        # Refusals are made inside the guard, so that the pages it lets pass can read them.
        control_plane = Guard(
            ExceptionMiddleware(steering, _REFUSALS), self._origins, settings.admin_token
        )
        return [Mount(CONTROL, control_plane), Mount(MEDIA, files)]

    def _entered(self, routes: Sequence[BaseRoute]) -> ASGIApp:
        return Beside(Router(routes, redirect_slashes=False), magic=self.settings.magic)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        chores = []
        if self.store.shared:
            chores += [
                asyncio.create_task(self._flush()),
                asyncio.create_task(self.open_streams.watch_others()),
            ]
        if self._watch:
            chores.append(asyncio.create_task(self.reloader.watch()))
            chores.append(asyncio.create_task(self.transitions.run()))
        try:
            self.ready()
            yield
        finally:
            self.open_streams.close()
            for chore in chores:
                chore.cancel()
                with suppress(asyncio.CancelledError):
                    await chore
            await called(self.store.close, blocking=self.store.blocking)

    async def _flush(self) -> None:
        """Write what the store held back, all the time; that it cannot be is told once."""
        told = False
        while True:
            await asyncio.sleep(FLUSH)
            try:
                await called(self.store.flush, blocking=self.store.blocking)
                told = False
            except Unavailable as problem:
                if not told:
                    logger.warning("the journal has to wait: %s", problem)
                told = True


def create_app(settings: Settings | None = None, *, watch: bool = False, demo: bool = False) -> App:
    """The mock as an ASGI application.

    Stored worlds take over the settings that were given. With `watch`, changed schema files are
    reloaded while it runs; with `demo`, the world `default` has the task of the vendor's own
    example. Raises CatalogError, StoreError, SettingsError, ScriptError or
    SnapshotError.
    """
    app = App(settings, watch=watch, demo=demo)
    if app.settings.load is not None:
        load_snapshot(app.store, app.settings.load)
    app.worlds.adopt()
    return app


def create_worker(settings: Settings) -> App:
    """The mock as one of several processes, whose parent has adopted the stored worlds."""
    catalog = catalog_of(settings.schemas)
    store = open_store(settings, catalog.lifecycle, existing=True)
    return App(settings, store=store, catalog=catalog, watch=True, demo=True)


def _envelope(request: Request, error: MockError) -> Response:
    request.scope[CODE] = error.code
    request_id = new_request_id()
    headers = {name: ascii_value(value).decode() for name, value in error.headers}
    headers[PLATFORM.headers.request_id] = request_id
    return JsonResponse(envelope(error, request_id), error.status, headers)


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


_REFUSALS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    MockError: _refuse,
    HTTPException: _refuse_unknown,
}


async def _refuse_failed(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _envelope(request, InternalError("the mock failed; see its log"))


def _named(send: Send) -> Send:
    """`send`, with the request's id on the answer where it has none, and never to be sniffed."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            if REQUEST_ID not in names:
                request_id = (REQUEST_ID, new_request_id().encode())
                message["headers"] = [*message["headers"], request_id]
            if b"x-content-type-options" not in names:
                message["headers"] = [*message["headers"], (b"x-content-type-options", b"nosniff")]
        await send(message)

    return sending


def _for_method(scope: Scope, send: Send) -> Send:
    """`send`, which for HEAD leaves out the body; a server would do so too, but not every door."""
    if scope["method"] != "HEAD":
        return send

    async def sending(message: Message) -> None:
        await send(message if "body" not in message else {**message, "body": b""})

    return sending
