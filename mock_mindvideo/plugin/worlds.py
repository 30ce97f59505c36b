"""Making the worlds of tests: in process, or on a server."""

import atexit
import hashlib
import itertools
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from mock_mindvideo.catalog import Catalog, CatalogError, catalog_of
from mock_mindvideo.domain.keys import (
    DEFAULT_WORLD,
    DELETED_WORLD,
    DISABLED_WORLD,
    DOCUMENTED_KEY,
    NO_CREDIT_WORLD,
    Credential,
    credential,
    test_key,
)
from mock_mindvideo.plugin.control import Control, EmbeddedControl, HttpControl, NearControl
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.hosts import base_url
from mock_mindvideo.plugin.options import OptionError, Options
from mock_mindvideo.plugin.virtual_time import sharing
from mock_mindvideo.settings import Settings
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.intercept import intercepting
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web.app import App
from mock_mindvideo.worlds import Keyring

if TYPE_CHECKING:
    from mock_mindvideo.serving.server import MockServer

__tracebackhide__ = hidden
__unittest = True

#: How the server of a session or process is started.
SERVER_SETTINGS = Settings(port=0, progress="polls", log_level="warning")

#: The live worlds that are open, by server, name and number.
_taken: set[tuple[str, str, int]] = set()
_naming = Lock()

RESERVED = (DISABLED_WORLD, DELETED_WORLD, NO_CREDIT_WORLD)


class OwnKeys(Keyring):
    """The keys of one test: the documentation's, its world's own, and those it names."""

    def __init__(self, world: str, named: tuple[str, ...]) -> None:
        self.stray = world
        known = [credential(key) for key in (DOCUMENTED_KEY, test_key(world), *named)]
        self._digests = {each.digest for each in known}
        shown = ", ".join(each.masked for each in known)
        self.hint = (
            f"; in this test the mock knows {shown}: name another with"
            " @pytest.mark.mindvideo(api_key=…), or create one with mindvideo.keys.create()"
        )

    def world_of(self, sent: Credential) -> str | None:
        """The test's world for its keys; the reserved names mean what they always do."""
        if sent.digest in self._digests:
            return self.stray
        return sent.world if sent.world in RESERVED else None


class Server(Protocol):
    """What a live world needs to know of its server.

    Where it runs in this process it has an `app` as well, and `settings`.
    """

    url: str


class RemoteServer:
    """A server that somebody else has started, on this machine."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")


def server_at(server: "MockServer | str | None") -> Server:
    """A server that runs; without one, this process's own, from now on until it ends."""
    if server is None:
        return _own_server()
    return RemoteServer(server) if isinstance(server, str) else server


@cache
def _own_server() -> Server:
    from mock_mindvideo.serving.server import MockServer  # noqa: PLC0415 - only who asks pays

    server = MockServer(SERVER_SETTINGS).start()
    atexit.register(server.stop)
    return server


@contextmanager
def embedded_world(node_id: str, options: Options) -> Iterator[MindVideo]:
    """A world in this process, which Python's clients reach under the vendor's own address."""
    name = world_name(node_id)
    settings = Settings(
        progress=options.progress,
        speed=options.speed,
        seed=seed_of(node_id) if options.seed is None else options.seed,
        profile=options.profile,
        schemas=options.schemas,
        models=options.models,
        contested=options.contested,
        public_url=base_url(options.hosts),
    )
    catalog = catalog_for(options)
    app = App(settings, catalog=catalog, keyring=OwnKeys(name, options.api_key))
    embedded = Embedded(app, Patience(app.worlds.open(name)))
    handle = MindVideo(
        EmbeddedControl(app, test_key(name)),
        name=name,
        base_url=base_url(options.hosts),
        options=options,
        embedded=embedded,
        app=app,
    )
    handle.furnish = partial(_prepare, handle)
    with closing(app.open_streams), sharing(handle), handle.clean_up, handle.interception:
        handle.interception.enter_context(intercepting(embedded, options.hosts, node_id))
        _prepare(handle)
        _let_sleep(handle)
        yield handle


@contextmanager
def live_world(server: Server, node_id: str, options: Options) -> Iterator[MindVideo]:
    """A new world on a server; it is forgotten at the end."""
    with _name_on(server, world_name(node_id)) as name:
        yield from _live(server, name, node_id, options)


def _live(server: Server, name: str, node_id: str, options: Options) -> Iterator[MindVideo]:
    app = getattr(server, "app", None)
    control = _control(server, test_key(name))
    handle = MindVideo(
        control,
        name=name,
        base_url=server.url,
        options=options,
        app=app if isinstance(app, App) else None,
    )
    if handle.app is not None:
        handle.app.worlds.stray_name = DEFAULT_WORLD  # whose requests are looked at for strays
    from mock_mindvideo.plugin.strays import Strays  # noqa: PLC0415 - only on servers are there any

    handle.strays = Strays(_control(server, DOCUMENTED_KEY))
    seed = seed_of(node_id) if options.seed is None else options.seed
    handle.furnish = partial(_furnish, handle, seed)
    with sharing(handle), handle.clean_up:
        handle.clean_up.callback(_forget, handle)
        _furnish(handle, seed)
        _let_sleep(handle)
        yield handle


def _control(server: Server, key: str) -> Control:
    far = HttpControl(server.url, key)
    app = getattr(server, "app", None)
    if not isinstance(app, App):
        return far
    # In this process, so there is no need to go round by the network.
    return NearControl(EmbeddedControl(app, key, server.url.rpartition("/")[2]), far)


def _forget(handle: MindVideo) -> None:
    """End a world on a server; the handle still tells of it."""
    from mock_mindvideo.plugin.ended import kept  # noqa: PLC0415 - as above

    control = handle.control
    handle.end(kept(control, handle.name, handle.base_url.rpartition("/")[2]))
    _make_anew(control, handle.name)


def _make_anew(control: Control, name: str, seed: int | None = None) -> None:
    """Forget the world, by the way that is shortest; it begins again with `seed`."""
    if control.app is not None:
        control.app.worlds.reset(name, seed=seed)
    else:
        control.call("POST", "/reset", {} if seed is None else {"seed": str(seed)})


@contextmanager
def _name_on(server: Server, name: str) -> Iterator[str]:
    """The world's name, which decides its ids with the seed: the same in every run.

    On a server of others the folder is part of it, so that two suites do not meet.
    """
    if isinstance(server, RemoteServer):
        name = f"{name[:30]}-{_digest(str(Path.cwd()))}"
    with _naming:
        count = next(n for n in itertools.count(1) if (server.url, name, n) not in _taken)
        _taken.add(taken := (server.url, name, count))
    try:
        yield name if count == 1 else f"{name[:36]}-{count}"
    finally:
        _taken.discard(taken)


def _furnish(handle: MindVideo, seed: int) -> None:
    """Give a world on a server what one in process has from its application."""
    _make_anew(handle.control, handle.name, seed)
    _set_clock(handle, handle.options)
    for key in handle.options.api_key:
        handle.keys.create(key)
    _prepare(handle)


def _set_clock(handle: MindVideo, options: Options) -> None:
    settings = handle.app.settings if handle.app else Settings()
    if (options.progress, options.speed) == (settings.progress, settings.speed or 1.0):
        return
    if (app := handle.control.app) is not None:
        app.worlds.open(handle.name).run(options.progress, options.speed)
        return
    clock = {"progress": options.progress, "speed": options.speed}
    handle.control.call("POST", "/clock", clock)


def _prepare(handle: MindVideo) -> None:
    options = handle.options
    if options.credit is not None:
        handle.credit = options.credit
    if options.in_flight is not None or options.quota:
        handle.limit(options.in_flight, options.quota or None)
    for text in options.script:
        handle.script(text)


def _let_sleep(handle: MindVideo) -> None:
    if handle.options.virtual_time:
        handle.virtual_time()


def world_name(node_id: str) -> str:
    """A world's name that a person can tell the test by, the same in every run."""
    test = node_id.rpartition("::")[2].lower()
    readable = re.sub("[^a-z0-9]+", "_", test).strip("_")[:26]
    return f"{readable}-{_digest(node_id)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def seed_of(node_id: str) -> int:
    """The test's seed where none is given: the same in every run."""
    return int.from_bytes(hashlib.blake2b(node_id.encode(), digest_size=4).digest())


def catalog_for(options: Options) -> Catalog:
    """The catalog of a world; raises OptionError for a bad file, or a name that none has."""
    try:
        return _catalog(options.schemas, options.models, options.contested)
    except CatalogError as problem:
        raise OptionError(str(problem)) from None


@lru_cache(maxsize=8)
def _catalog(
    schemas: tuple[Path, ...], models: tuple[str, ...], contested: tuple[str, ...]
) -> Catalog:
    return catalog_of(schemas, models, contested)
