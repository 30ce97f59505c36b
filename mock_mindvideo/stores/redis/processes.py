"""How many streams the processes on one Redis have open, whichever machine they are on."""

import socket
from collections.abc import Callable

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import PROCESSES
from mock_mindvideo.stores.stream_counts import StreamCounts


class OpenCounts(StreamCounts):
    """The counts of all processes; `token` is this one's."""

    def __init__(self, engine: Engine, real: Callable[[], Instant], token: str) -> None:
        super().__init__(real, f"{socket.gethostname()}-{token}")
        self._engine = engine

    def _others(self, alive: Instant) -> int:
        found = self._engine.run("processes", (PROCESSES,), alive)
        counts = zip(found[::2], found[1::2], strict=True)
        return sum(int(each) for name, each in counts if name.decode() != self._name)

    def _say(self, own: int, now: Instant, alive: Instant) -> None:
        self._engine.run("streaming", (PROCESSES,), self._name, own, now, alive)
