"""Making the worlds of tests: in process, or on a server."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from mock_mindvideo.catalog import Catalog, catalog_of
from mock_mindvideo.domain.keys import (
    DELETED_WORLD,
    DISABLED_WORLD,
    DOCUMENTED_KEY,
    NO_CREDIT_WORLD,
    Credential,
    credential,
)
from mock_mindvideo.plugin.control import Control, EmbeddedControl, HttpControl
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.settings import Settings
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.intercept import intercepting
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web.app import App
from mock_mindvideo.worlds import Keyring

RESERVED = (DISABLED_WORLD, DELETED_WORLD, NO_CREDIT_WORLD)


class OwnKeys(Keyring):
    """The keys of one test: the documentation's, its world's own, and those it names."""

    def __init__(self, world: str, named: tuple[str, ...]) -> None:
        self.stray = world
        known = [credential(key) for key in (DOCUMENTED_KEY, f"mv_test_{world}", *named)]
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
    """What a live world needs to know of its server."""

    url: str


class RemoteServer:
    """A server that somebody else has started, on this machine."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")


@contextmanager
def embedded_world(node_id: str, options: Options) -> Iterator[MindVideo]:
    """A world in this process, which httpx and httpx2 reach under the vendor's own address."""
    name = world_name(node_id)
    settings = Settings(
        progress=options.progress,
        speed=options.speed,
        seed=seed_of(node_id) if options.seed is None else options.seed,
        profile=options.profile,
        schemas=options.schemas,
        public_url=f"https://{options.hosts[0]}",
    )
    app = App(settings, catalog=_catalog(options.schemas), keyring=OwnKeys(name, options.api_key))
    embedded = Embedded(app, Patience(app.worlds.open(name)))
    handle = MindVideo(
        EmbeddedControl(app, f"mv_test_{name}"),
        name=name,
        base_url=f"https://{options.hosts[0]}",
        options=options,
        embedded=embedded,
        app=app,
    )
    with handle.clean_up, handle.interception:
        handle.interception.enter_context(intercepting(embedded, options.hosts, node_id))
        _prepare(handle)
        yield handle
    app.open_streams.close()


@contextmanager
def live_world(server: Server, node_id: str, options: Options) -> Iterator[MindVideo]:
    """A new world on a server; it is forgotten at the end."""
    name = f"{world_name(node_id)[:30]}-{secrets.token_hex(4)}"
    app = getattr(server, "app", None)
    control: Control = HttpControl(server.url, f"mv_test_{name}")
    if isinstance(app, App):  # in this process, so there is no need to go round by the network
        control = EmbeddedControl(app, control.key, server.url.rpartition("/")[2])
    handle = MindVideo(
        control,
        name=name,
        base_url=server.url,
        options=options,
        app=app if isinstance(app, App) else None,
    )
    with handle.clean_up:
        handle.clean_up.callback(control.call, "POST", "/reset", {})
        _set_clock(handle, options)
        _prepare(handle)
        yield handle


def _set_clock(handle: MindVideo, options: Options) -> None:
    settings = handle.app.settings if handle.app else Settings()
    if (options.progress, options.speed) == (settings.progress, settings.speed or 1.0):
        return
    clock = {"progress": options.progress, "speed": options.speed}
    handle._control.call("POST", "/clock", clock)


def _prepare(handle: MindVideo) -> None:
    options = handle.options
    if options.credit is not None:
        handle.credit = options.credit
    for text in options.script:
        handle.script(text)
    if options.patch_sleep:
        handle.patch_sleep()


def world_name(node_id: str) -> str:
    """A world's name that a person can tell the test by, the same in every run."""
    test = node_id.rpartition("::")[2].lower()
    readable = re.sub("[^a-z0-9]+", "_", test).strip("_")[:26]
    return f"{readable}-{hashlib.blake2b(node_id.encode(), digest_size=4).hexdigest()}"


def seed_of(node_id: str) -> int:
    """The test's seed where none is given: the same in every run."""
    return int.from_bytes(hashlib.blake2b(node_id.encode(), digest_size=4).digest())


@lru_cache(maxsize=8)
def _catalog(schemas: tuple[Path, ...]) -> Catalog:
    return catalog_of(schemas)
