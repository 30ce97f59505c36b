"""Virtual time for the worlds of a test: all of them share one, child processes too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mock_mindvideo.virtual import in_force

if TYPE_CHECKING:
    from mock_mindvideo.plugin.hooks import HookTimes
    from mock_mindvideo.plugin.moving import Sharer, StreamWatch
    from mock_mindvideo.virtual.timeline import Moving


class VirtualTime:
    """Virtual time, from its making to `end` or the end of a `with`; `naps` are the seconds of
    each sleep of the application, in order."""

    def __init__(self) -> None:
        self._ended = False
        _begin()
        timeline = in_force.timeline()
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


class _Share:
    """A handle's part in the time of its test."""

    def __init__(self, handle: "Sharer") -> None:
        self.handle = handle
        self._world: Moving | None = None
        self._polls = False
        self._watch: StreamWatch | None = None
        self._hooks: HookTimes | None = None

    def begin(self) -> None:
        """Its world moves with the others from now on, and by polls no longer."""
        self._polls = self.handle.progress == "polls"
        if self._polls:
            self.handle.progress = "manual"
        from mock_mindvideo.plugin.moving import hook_times, moving, watching  # noqa: PLC0415 - only who asks

        self._world = moving(self.handle)
        timeline = in_force.attach(self._world)
        self._watch = watching(timeline, self._world)
        self._hooks = hook_times(timeline, self.handle)
        if self.handle.patience is not None:
            self.handle.patience.timeline = timeline

    def end(self, *, closing: bool = False) -> None:
        """It moves by itself again."""
        if self._world is None:
            return
        world, self._world = self._world, None
        if self._watch is not None:
            self._watch.end()
        if self._hooks is not None and (timeline := in_force.timeline()) is not None:
            timeline.sources.remove(self._hooks)
        in_force.detach(world)
        if self.handle.patience is not None:
            self.handle.patience.timeline = None
        if self._polls and not closing and self.handle.progress == "manual":
            self.handle.progress = "polls"


_shares: list[_Share] = []
_asked = 0


@contextmanager
def sharing(handle: "Sharer") -> Iterator[None]:
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
