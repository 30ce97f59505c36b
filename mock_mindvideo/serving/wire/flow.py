"""What flows through one connection's transport, neither faster than it is taken nor for ever."""

import asyncio


class Flow:
    """The transport of one connection.

    `reading` and `writing` are whether there is room for more, on this side and the client's.
    """

    __slots__ = ("_drains", "_finished", "_moved", "_unsent", "reading", "transport", "writing")

    def __init__(self, transport: asyncio.Transport, now: float) -> None:
        self.transport = transport
        self.reading = self.writing = True
        self._drains: list[asyncio.Future[None]] = []
        self._finished = False
        self._unsent = 0
        self._moved = now

    def write(self, data: bytes | memoryview) -> None:
        """Write, unless nothing can be written any more."""
        if data and not self._finished and not self.transport.is_closing():
            self.transport.write(data)

    def finish(self) -> None:
        """End this side of the connection; the client's may go on."""
        if not self._finished and not self.transport.is_closing():
            self._finished = True
            self.transport.write_eof()

    async def drained(self) -> None:
        """Wait until the client has taken most of what was written, or is lost."""
        while not self.writing:
            waiter = asyncio.get_running_loop().create_future()
            self._drains.append(waiter)
            await waiter

    def pause_writing(self) -> None:
        self.writing = False

    def resume_writing(self, now: float) -> None:
        self.writing = True
        self._moved = now
        drains, self._drains = self._drains, []
        for waiter in drains:
            if not waiter.done():
                waiter.set_result(None)

    def stop_reading(self) -> None:
        if self.reading:
            self.reading = False
            self.transport.pause_reading()

    def read_on(self) -> bool:
        """Read again; whether it had been stopped."""
        stopped = not self.reading
        if stopped:
            self.reading = True
            if not self.transport.is_closing():
                self.transport.resume_reading()
        return stopped

    def stuck_since(self, now: float) -> float:
        """How long the client has taken nothing of what waits for it, in seconds."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent < self._unsent:
            self._moved = now
        self._unsent = unsent
        return now - self._moved
