"""The application: where everything is wired together."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from mock_mindvideo.catalog import Catalog, catalog_of
from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.script import Script
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store, open_store
from mock_mindvideo.system.clock import Clock
from mock_mindvideo.web.access_log import write_line
from mock_mindvideo.web.answers import Answer, Message, Receive, Scope, Send
from mock_mindvideo.web.draining import Draining
from mock_mindvideo.web.emulation import Emulation
from mock_mindvideo.web.entrance import first_look
from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.leaving import end_when_lost
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.metrics.timing import timed
from mock_mindvideo.web.metrics.workers import WorkerTallies
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.reload import Reloader
from mock_mindvideo.web.routes import PREFIX
from mock_mindvideo.web.threads import called
from mock_mindvideo.web.tracing import spans
from mock_mindvideo.worlds import Keyring, Registry
from mock_mindvideo.worlds.tasks import Service

if TYPE_CHECKING:
    from mock_mindvideo.web.beside import Beside
    from mock_mindvideo.web.transitions import Transitions
    from mock_mindvideo.web.webhooks import Webhooks
    from mock_mindvideo.worlds.expiry import Expiry


#: Methods of requests that change nothing (RFC 9110, 9.2.1).
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class App:
    """The mock, an ASGI application. The emulated API is answered here; see `surroundings`."""

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
        tallies: WorkerTallies | None = None,
    ) -> None:
        self.settings = settings = settings or Settings()
        catalog = catalog or catalog_of(settings.schemas, settings.models, settings.contested)
        self.tallies = tallies or WorkerTallies()
        store = store or open_store(settings, catalog.lifecycle, clock)
        self.store = store = timed(store, self.tallies.own) if watch else store
        self.clock = clock = clock or store.clock
        scripts = _scripts(settings, catalog.dialect)
        self.worlds = Registry(store, clock, catalog.lifecycle, settings, scripts, keyring)
        self.service = Service(
            catalog,
            store,
            strict=settings.strict,
            magic=settings.magic,
            values=settings.bounds.values,
        )
        if demo:
            self._show_example()
        self.open_streams = OpenStreams(store, settings.streams)
        self.draining = Draining()
        self.gates = Gates()
        self.transitions = self._transitions() if watch else None
        self.spans = spans() if watch else None
        self.reloader = Reloader(
            self.service, settings.schemas, settings.models, settings.contested
        )
        #: Worlds whose links have expired because a test says so.
        self.expired_links: set[str] = set()
        #: Called in the event loop when everything has started; the server answers from then on.
        self.ready: Callable[[], None] = lambda: None
        #: Called at the end, while the store is still open; it may block.
        self.over: Callable[[], None] = lambda: None
        self._making = Lock()
        self._beside: Beside | None = None
        self._links = Links(self.service, settings.public_url)
        self.webhooks = self._webhooks() if catalog.dialect.webhooks else None
        self.emulation = Emulation(
            self.service,
            self.worlds,
            self.open_streams,
            self._recorder()(
                store,
                lambda: self.worlds.stray,
                self.transitions,
                self.tallies.own if watch else None,
                settings.journal_sample or 1,
                self.spans,
            ),
            self._links,
            settings,
            self.gates,
            blocking=store.blocking,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.surroundings(scope, receive, send)
        elif (answer := first_look(scope, self.dialect) or self._too_late(scope)) is not None:
            write_line(scope, answer.status, answer.code, 0.0)
            await answer.send(_for_method(scope, send))
        elif (emulated := self.emulated(scope)) is not None:
            await self.emulation(emulated, receive, send)
        else:
            if scope["method"] in SAFE_METHODS:
                end_when_lost(scope)
            if self.store.blocking:
                from mock_mindvideo.web.aside import serve_aside  # noqa: PLC0415 - few stores do

                await serve_aside(self.beside, scope, receive, send)
            else:
                await self.beside(scope, receive, send)

    async def beside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not for the emulated API, here, though the store may block."""
        scope = self._links.without_prefix(scope) or scope
        await self.surroundings(scope, receive, _for_method(scope, send))

    def drain(self) -> None:
        """Begin nothing new; what has begun goes on, but for streams that have no end."""
        self.draining.begun = True
        self.open_streams.close_endless()

    def _too_late(self, scope: Scope) -> Answer | None:
        answer = self.draining.refusal(scope, self.dialect) if self.draining.begun else None
        if answer is not None:
            self.tallies.own.answered("none", answer.status, 0.0)
        return answer

    def emulated(self, scope: Scope) -> Scope | None:
        """A request for the emulated API, without the prefix of a proxy; None for all others."""
        if not scope["path"].startswith(PREFIX):
            scope = self._links.without_prefix(scope) or scope
        return scope if scope["path"].startswith(PREFIX) else None

    @property
    def dialect(self) -> Dialect:
        """How the API answers, as of now."""
        return self.service.catalog.dialect

    @property
    def surroundings(self) -> "Beside":
        """Everything beside the API, and what runs while a server does.

        Made and imported when it is first asked for, since a test's own application seldom is.
        """
        with self._making:
            self._beside = self._beside or self._surroundings()
        return self._beside

    def _surroundings(self) -> "Beside":
        from mock_mindvideo.web.beside import Beside  # noqa: PLC0415

        return Beside(
            self.service,
            self.worlds,
            self.store,
            links=self._links,
            open_streams=self.open_streams,
            reloader=self.reloader,
            settings=self.settings,
            expired_links=self.expired_links,
            tallies=self.tallies,
            draining=self.draining,
            spans=self.spans,
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _: object) -> AsyncIterator[None]:
        from mock_mindvideo.web.chores import expire, running  # noqa: PLC0415 - only servers have any

        watching = [self.reloader.watch, self.transitions.run] if self.transitions else []
        if self.webhooks is not None:
            watching.append(self.webhooks.run)
        if self.worlds.uses is not None:
            watching.append(partial(expire, self._expiry(self.worlds.uses)))
        async with running(self.store, self.open_streams, self.tallies, watching):
            self.ready()
            yield
            await called(self.over, blocking=self.store.blocking)
        if self.spans is not None:
            import asyncio  # noqa: PLC0415 - a test's own application has no event loop

            await asyncio.to_thread(self.spans.close)

    def _expiry(self, uses: set[str]) -> "Expiry":
        from mock_mindvideo.worlds.expiry import Expiry  # noqa: PLC0415 - few servers forget worlds

        ttl, lifecycle = self.settings.world_ttl, self.service.catalog.lifecycle
        return Expiry(self.store, lifecycle, ttl, uses, self.open_streams.any_of)

    def _webhooks(self) -> "Webhooks":
        from mock_mindvideo.web.webhooks import Webhooks  # noqa: PLC0415 - few dialects have any

        return Webhooks(
            self.service,
            self.worlds,
            self.store,
            self._links,
            self.settings.webhook_host,
            self.tallies.folder,
        )

    def _recorder(self) -> Callable[..., Recorder]:
        if self.webhooks is None:
            return Recorder
        from mock_mindvideo.web.webhooks import TellingRecorder  # noqa: PLC0415 - see above

        return partial(TellingRecorder, self.webhooks)

    def _transitions(self) -> "Transitions":
        from mock_mindvideo.web.transitions import Transitions  # noqa: PLC0415 - only servers watch

        return Transitions(self.service, self.store)

    def _show_example(self) -> None:
        from mock_mindvideo.web.demo import Demo  # noqa: PLC0415 - only `serve` shows it

        self.worlds.furnish = Demo(self.service, self.store)


def create_app(settings: Settings | None = None, *, watch: bool = False, demo: bool = False) -> App:
    """The mock as an ASGI application.

    Stored worlds take over the settings that were given. With `watch`, changed schema files are
    reloaded while it runs; with `demo`, the world `default` has the task of the vendor's own
    example. Raises CatalogError, StoreError, SettingsError, ScriptError or
    SnapshotError.
    """
    app = App(settings, watch=watch, demo=demo)
    if app.settings.load is not None:
        from mock_mindvideo.stores.snapshot import load_snapshot  # noqa: PLC0415 - only if wanted

        load_snapshot(app.store, app.settings.load)
    app.worlds.adopt()
    return app


def create_worker(settings: Settings, shared: Path) -> App:
    """The mock as one of several processes, whose parent has adopted the stored worlds.

    What they count they tell each other in the folder `shared`.
    """
    catalog = catalog_of(settings.schemas, settings.models, settings.contested)
    store = open_store(settings, catalog.lifecycle, existing=True)
    tallies = WorkerTallies(shared)
    return App(settings, store=store, catalog=catalog, watch=True, demo=True, tallies=tallies)


def _scripts(settings: Settings, dialect: Dialect) -> Callable[[str], Sequence[Script]]:
    """What tells the scripts that a world begins with: those of the file, then of the settings."""
    if settings.script is None and not settings.course:
        return lambda name: ()
    from mock_mindvideo.web.script_file import (  # noqa: PLC0415 - only if wanted
        read_course,
        read_script_file,
    )

    course = read_course(settings.course)
    if settings.script is None:
        return lambda name: course
    of_file = read_script_file(settings.script, dialect.extensions.requests)
    return lambda name: (*of_file(name), *course)


def _for_method(scope: Scope, send: Send) -> Send:
    """`send`, which for HEAD leaves out the body; a server would do so too, but not every door."""
    if scope["method"] != "HEAD":
        return send

    async def sending(message: Message) -> None:
        await send(message if "body" not in message else {**message, "body": b""})

    return sending
