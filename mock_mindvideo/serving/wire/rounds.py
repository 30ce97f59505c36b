"""Whose request is next, where many come in one turn of the event loop.

Of one caller a round has few; the rest of its requests wait, and those who wait take turns. Between
two rounds the loop looks at every connection, so a request waits for one round of others, not for
all that somebody floods the server with. A caller is known by its `Authorization`; all that have
none are one.

Rounds cost little, but they do cost: while one caller alone has come lately, nobody waits.
"""

import asyncio
from collections.abc import Callable

from mock_mindvideo.domain.caller_lines import CallerLines
from mock_mindvideo.serving.wire.outbox import Outbox, outbox_of
from mock_mindvideo.serving.wire.stages import Stages, stages_of
from mock_mindvideo.system.per_loop import PerLoop

#: Requests of one caller in a round, and of those who wait in all.
MOST = 3

#: Seconds after which it is looked again whether somebody is alone.
LATELY = 60.0


class Rounds:
    """The rounds of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, outbox: Outbox, stages: Stages) -> None:
        self._loop = loop
        self._outbox = outbox
        self._stages = stages
        self._alone: bytes | None = b""
        self._until = 0.0
        self._served: dict[bytes, int] = {}
        self._waiting: CallerLines[Callable[[], None]] = CallerLines()

    def admits(self, caller: bytes) -> bool:
        """Whether a request of that caller is served now; if not, let it `wait`."""
        if caller == self._alone:
            return True
        if self._alone is not None and not self._has_company(caller):
            return True
        served = self._served.get(caller, 0)
        if served >= MOST or caller in self._waiting:
            return False
        if not (self._served or self._waiting):
            self._loop.call_soon(self._next)
        self._served[caller] = served + 1
        return True

    def wait(self, caller: bytes, go: Callable[[], None]) -> None:
        """Have `go` called when it is that caller's turn, after all that wait for it already."""
        self._waiting.add(caller, go)

    @property
    def waiting(self) -> tuple[bytes, ...]:
        """The callers of whom requests wait, the next one first."""
        return tuple(self._waiting)

    def _has_company(self, caller: bytes) -> bool:
        """Whether another one came lately; if not, this one is alone from now on."""
        now = self._loop.time()
        lately, self._until = now < self._until, now + LATELY
        self._alone = None if lately else caller
        return lately

    def _next(self) -> None:
        """One round of those who wait, each caller's first in turn, and all answers of it."""
        self._stages.run()
        self._served = {}
        if self._waiting:
            self._loop.call_soon(self._next)
        elif self._loop.time() > self._until:
            self._alone = b""
        for _ in range(MOST):
            if not self._waiting:
                break
            self._first()()
        self._outbox.flush()

    def _first(self) -> Callable[[], None]:
        """What is next, which is counted."""
        caller = next(iter(self._waiting))
        self._served[caller] = self._served.get(caller, 0) + 1
        return self._waiting.take(caller)


#: Those that all connections on a loop share.
rounds_of = PerLoop(lambda loop: Rounds(loop, outbox_of(loop), stages_of(loop)))
