"""The tallies of all workers of one server: each writes its own into a folder that they share.

A worker that was killed leaves its last one there, so what is counted never goes back.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mock_mindvideo.web.metrics.tally import Tally, from_plain, total


class WorkerTallies:
    """This process's tally, and those of its fellows; without a `folder` it has none."""

    def __init__(self, folder: Path | None = None) -> None:
        self.own = Tally()
        self.folder = self._folder = folder
        self._written = 0

    def all(self) -> Tally:
        """What all workers have counted; the others' counts may lag by one flush."""
        return total([self.own, *self._others()])

    def flush(self) -> None:
        """Let the others know, if there is anything new."""
        if self._folder is None or self._written == self.own.changes:
            return
        self._written = self.own.changes
        file = self._folder / f"{os.getpid()}.json"
        with suppress(OSError):  # the folder goes with the server
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(self.own.plain()), encoding="ascii")
            fresh.replace(file)

    def _others(self) -> Iterator[Tally]:
        for file in self._folder.glob("*.json") if self._folder else ():
            if file.stem != str(os.getpid()):
                yield from_plain(json.loads(file.read_text(encoding="ascii")))
