"""Virtual time for the worlds of a test: all of them share one, child processes too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.plugin.control import Control, HttpControl
from mock_mindvideo.plugin.records import moment
from mock_mindvideo.plugin.words import Progress
from mock_mindvideo.virtual import installed, real
from mock_mindvideo.virtual.timeline import Moving, Timeline

if TYPE_CHECKING:
    from mock_mindvideo.transports.patience import Patience
    from mock_mindvideo.web.app import App

#: Real seconds between two looks whether a stream on a server waits.
EVERY = 0.002

#: Real seconds for which the time of a world on another server is remembered.
REMEMBERED = 0.02


class NearWorld:
    """A world whose store is in this process."""

    def __init__(self, app: "App", name: str, far: "FarWorld | None") -> None:
        self._app = app
        self._world = app.worlds.open(name)
        self._far = far

    def now(self) -> int:
        return self._world.now()

    def move_to(self, now: int) -> None:
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
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            if self._world.due() is not None:
                self._timeline.look()


class VirtualTime:
    """Virtual time, from its making to `end` or the end of a `with`; `naps` are the seconds of
    each sleep of the application, in order."""

    def __init__(self) -> None:
        self._ended = False
        _begin()
        timeline = installed.in_force()
        self.naps: list[float] = [] if timeline is None else timeline.naps

    @property
    def total(self) -> float:
        """The seconds of all sleeps together."""
        return sum(self.naps)

    def end(self) -> None:
        """Real time is back, unless it was asked for more than once; the world's clock stays."""
        if not self._ended:
            self._ended = True
            _end()

    def __enter__(self) -> "VirtualTime":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


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


class _Share:
    """A handle's part in the time of its test."""

    def __init__(self, handle: Sharer) -> None:
        self.handle = handle
        self.world = _moving(handle)
        self._polls = False
        self._attached = False
        self._watch: StreamWatch | None = None

    def begin(self) -> None:
        """Its world moves with the others from now on, and by polls no longer."""
        self._polls = self.handle.progress == "polls"
        if self._polls:
            self.handle.progress = "manual"
        timeline = installed.attach(self.world)
        self._attached = True
        if isinstance(self.world, NearWorld) and self.handle.patience is None:
            self._watch = StreamWatch(timeline, self.world)
        if self.handle.patience is not None:
            self.handle.patience.timeline = timeline

    def end(self, *, closing: bool = False) -> None:
        """It moves by itself again."""
        if not self._attached:
            return
        self._attached = False
        if self._watch is not None:
            self._watch.end()
        installed.detach(self.world)
        if self.handle.patience is not None:
            self.handle.patience.timeline = None
        if self._polls and not closing and self.handle.progress == "manual":
            self.handle.progress = "polls"


_shares: list[_Share] = []
_asked = 0


@contextmanager
def sharing(handle: Sharer) -> Iterator[None]:
    """Inside, a handle's world takes part in virtual time whenever any of its test does."""
    share = _Share(handle)
    _shares.append(share)
    if _asked:
        share.begin()
    try:
        yield
    finally:
        _shares.remove(share)
        share.end(closing=True)


def _begin() -> None:
    global _asked  # noqa: PLW0603 - there is one time in a process
    _asked += 1
    if _asked == 1:
        for share in _shares:
            share.begin()


def _end() -> None:
    global _asked  # noqa: PLW0603
    _asked -= 1
    if not _asked:
        for share in _shares:
            share.end()


def _moving(handle: Sharer) -> Moving:
    if handle.app is None:
        return FarWorld(handle.control)
    live = handle.patience is None
    far = FarWorld(HttpControl(handle.base_url, handle.api_key)) if live else None
    return NearWorld(handle.app, handle.name, far)
