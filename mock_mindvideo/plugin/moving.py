"""The worlds of a test as virtual time moves them: in this process, or over HTTP."""

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.plugin.control import Control, HttpControl
from mock_mindvideo.plugin.records import moment
from mock_mindvideo.plugin.words import Progress
from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.timeline import Moving, Timeline

if TYPE_CHECKING:
    from mock_mindvideo.plugin.hooks import HookTimes
    from mock_mindvideo.transports.patience import Patience
    from mock_mindvideo.web.app import App

#: Real seconds between two looks whether a stream on a server waits.
EVERY = 0.002

#: Real seconds for which the time of a world on another server is remembered.
REMEMBERED = 0.02


class Sharer(Protocol):
    """What is needed of a handle."""

    app: "App | None"
    name: str
    base_url: str
    api_key: str
    progress: Progress

    @property
    def patience(self) -> "Patience | None":
        """How clients in this process wait, None on a server."""

    @property
    def control(self) -> Control:
        """The world's control plane."""


class NearWorld:
    """A world whose store is in this process."""

    def __init__(self, app: "App", name: str, far: "FarWorld | None") -> None:
        self._app = app
        self._world = app.worlds.open(name)
        self._far = far

    @property
    def is_live(self) -> bool:
        """Whether a server serves it, too."""
        return self._far is not None

    def now(self) -> int:
        return self._world.now()

    def move_to(self, now: int) -> None:
        hooks = self._app.webhooks
        with nullcontext() if hooks is None else hooks.silent():
            self._world.jump(now)

    def due(self) -> int | None:
        """When a stream on the server will have its next event; others wait in virtual time."""
        if self._far is None or not self._app.open_streams.any_of(self._world.name):
            return None
        return self._world.next_due()

    def forked(self) -> Moving:
        """A child has a copy of the store, so it goes to the server, if there is one."""
        return self._far or self


class FarWorld:
    """A world that is reached over HTTP."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._known: tuple[int, float] | None = None

    def now(self) -> int:
        if self._known is None or real.monotonic() - self._known[1] > REMEMBERED:
            self._know(self._control.call("GET", "/clock")["now"])
        assert self._known is not None  # noqa: S101 - just learnt
        return self._known[0]

    def move_to(self, now: int) -> None:
        self._known = None
        if (missing := now - self.now()) > 0:
            moved = self._control.call("POST", "/clock", {"advance": missing / SECOND})
            self._know(moved["now"])

    def due(self) -> int | None:
        return None

    def forked(self) -> Moving:
        return self

    def _know(self, now: str) -> None:
        self._known = round(moment(now).timestamp() * SECOND), real.monotonic()


class StreamWatch:
    """Looks whether a stream on the server waits, since then all may wait with nobody to see it."""

    def __init__(self, timeline: Timeline, world: NearWorld) -> None:
        self._over = threading.Event()
        self._timeline = timeline
        self._world = world
        self._thread = threading.Thread(target=self._run, name="mock-mindvideo-watch", daemon=True)
        timeline.party.watch(self._thread)
        self._thread.start()

    def end(self) -> None:
        """Stop the thread that looks."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            if self._world.due() is not None:
                self._timeline.look()


def watching(timeline: Timeline, world: Moving) -> StreamWatch | None:
    """What looks at the streams of a world on a server in this process."""
    if isinstance(world, NearWorld) and world.is_live:
        return StreamWatch(timeline, world)
    return None


def hook_times(timeline: Timeline, handle: Sharer) -> "HookTimes | None":
    """When webhooks of a handle's world are due, where the world is in this process alone."""
    app = handle.app
    if app is None or app.webhooks is None or handle.patience is None:
        return None
    from mock_mindvideo.plugin.hooks import HookTimes  # noqa: PLC0415 - few dialects have any

    timeline.sources.append(found := HookTimes(timeline, app, app.webhooks, handle.name))
    return found


def moving(handle: Sharer) -> Moving:
    """A handle's world, as it is reached from here."""
    if handle.app is None:
        return FarWorld(handle.control)
    live = handle.patience is None
    far = FarWorld(HttpControl(handle.base_url, handle.api_key)) if live else None
    return NearWorld(handle.app, handle.name, far)
