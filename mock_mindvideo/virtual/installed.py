"""A timeline in force: what it leads, and that all is itself again at its end."""

from collections.abc import Iterator
from types import ModuleType

from mock_mindvideo.fences.builtin_functions import Undo
from mock_mindvideo.system.imports import ImportWatch
from mock_mindvideo.virtual import dates
from mock_mindvideo.virtual.alarms import lead_alarms
from mock_mindvideo.virtual.clocks import lead_clocks
from mock_mindvideo.virtual.loops import Loops
from mock_mindvideo.virtual.threads import lead_threads
from mock_mindvideo.virtual.timeline import Timeline
from mock_mindvideo.virtual.trio_runs import lead_trio
from mock_mindvideo.virtual.uv_loops import lead_uvloop


class Installed:
    """A timeline in force."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._loops = Loops(self.timeline)
        self._undo: list[Undo] = []
        try:
            for undo in self._lead():
                self._undo.append(undo)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Everything is itself again; who still waits does so in real time."""
        self.timeline.end()
        while self._undo:
            self._undo.pop()()
        self._loops.settle()

    def _lead(self) -> Iterator[Undo]:
        if (undo := dates.lead_to(self.timeline)) is not None:
            yield undo
        yield from lead_clocks(self.timeline)
        yield from lead_alarms(self.timeline)
        yield from lead_threads(self.timeline)
        yield from self._loops.lead()
        late = ImportWatch(("trio", "uvloop"), self._imported)
        late.start()
        yield late.stop

    def _imported(self, module: ModuleType) -> None:
        """Lead what a library does that may be first imported in the test."""
        if module.__name__ == "trio":
            self._undo.extend(lead_trio(self.timeline))
        else:
            self._undo.extend(lead_uvloop(self.timeline, module))
