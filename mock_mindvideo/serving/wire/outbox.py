"""Answers on their way out: those of one turn of the event loop leave together, at its end.

Each write to a client that sleeps wakes it, which costs the server more than the write. Where
many connections have sent a request at once, the answers therefore follow one upon another.
"""

import asyncio

from mock_mindvideo.system.per_loop import PerLoop


class Outbox:
    """The answers of one event loop's turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._schedule = loop.call_soon
        self._held: list[tuple[asyncio.WriteTransport, bytes]] = []
        self._is_due = False

    def put(self, transport: asyncio.WriteTransport, answer: bytes) -> None:
        """Send an answer when this turn ends."""
        if not self._is_due:
            self._is_due = True
            self._schedule(self.flush)
        self._held.append((transport, answer))

    def gather(self) -> None:
        """Hold what is put until a `flush` that follows in this turn."""
        self._is_due = True

    def flush(self) -> None:
        """Send everything now, before something that must not overtake it."""
        held, self._held, self._is_due = self._held, [], False
        for transport, answer in held:
            if not transport.is_closing():
                transport.write(answer)


#: The one that all connections on a loop share.
outbox_of = PerLoop(Outbox)
