"""Requests that have come in one iteration of the event loop, answered together, stage by stage.

The code that answers a request is larger than what a processor keeps at hand. Run from end to end
for one request after the other, all of it is fetched anew each time; so each stage is run for all
of them before the next one. Alone, a request passes its stages as it came.
"""

import asyncio
import logging
from typing import Protocol

from mock_mindvideo.serving.wire.outbox import Outbox, outbox_of
from mock_mindvideo.system.per_loop import PerLoop
from mock_mindvideo.web.steps import STAGE, Handling

#: Requests that are answered together; of more, their own memory would be what is fetched anew.
MOST = 32

logger = logging.getLogger("mock_mindvideo")


class Asking(Protocol):
    """A connection whose request has come whole."""

    def begin(self) -> Handling | None:
        """The request's handling as far as its first stage; None if it cannot begin."""

    def finish(self, handling: Handling | None) -> None:
        """Write the answer, or have the request wait."""

    def abort(self) -> None: ...


class Stages:
    """The requests of one event loop that are answered next."""

    def __init__(self, loop: asyncio.AbstractEventLoop, outbox: Outbox) -> None:
        self._schedule = loop.call_soon
        self._outbox = outbox
        self._asking: list[Asking] = []

    def add(self, asking: Asking) -> None:
        """Answer a request with the others of this iteration."""
        if not self._asking:
            self._schedule(self.run)
        self._asking.append(asking)
        if len(self._asking) == MOST:
            self.run()

    def run(self) -> None:
        """Answer all of them now, before something that must not overtake them."""
        asking, self._asking = self._asking, []
        begun = [(each, _begun(each)) for each in asking]
        going = [handling for _, handling in begun if handling and handling.step is STAGE]
        while going:
            going = [handling for handling in going if handling.advance() is STAGE]
        self._outbox.gather()
        try:
            for each, handling in begun:
                _finish(each, handling)
        finally:
            self._outbox.flush()


def _begun(asking: Asking) -> Handling | None:
    try:
        return asking.begin()
    except Exception:  # noqa: BLE001 - told in the log
        _give_up(asking)
        return None


def _finish(asking: Asking, handling: Handling | None) -> None:
    try:
        asking.finish(handling)
    except Exception:  # noqa: BLE001 - told in the log
        _give_up(asking)


def _give_up(asking: Asking) -> None:
    """One request went wrong where none can; the others are answered."""
    logger.exception("a request could not be answered")
    asking.abort()


#: The one that all connections on a loop share.
stages_of = PerLoop(lambda loop: Stages(loop, outbox_of(loop)))
