"""An asyncio transport that leads to the mock in this process, for protocols that speak HTTP.

Of an answer that comes in pieces the next one is asked for when the client waits for it, so that a
stream is as far as its client has read, and the world's time too.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.world import TIME
from mock_mindvideo.transports.embedded import CLIENT, Disconnected, Embedded, TimedOut
from mock_mindvideo.transports.line import CONTINUE, Line, LineAnswer, LineRequest
from mock_mindvideo.transports.stepping import SteppedRun


class Limits(NamedTuple):
    """Seconds for a request in all, and for each wait; None is without end."""

    total: float | None = None
    read: float | None = None


#: Tells the protocol that time is up: that of one wait, or of the whole request.
TimeUp = Callable[[bool], None]


class MockTransport(asyncio.Transport):
    """The client's end of a connection. `limits` are those of the request under way.

    `time_up` is called with whether it was the limit of one wait; `failed`, with what must not be
    kept from the client.
    """

    limits = Limits()

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: asyncio.Protocol,
        line: Line,
        peer: tuple[str, int],
        *,
        time_up: TimeUp,
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__({"peername": peer, "sockname": CLIENT})
        self._loop = loop
        self._protocol: asyncio.Protocol = protocol
        self._line = line
        self._time_up = time_up
        self._failed = failed
        self._requests: deque[LineRequest] = deque()
        self._early: tuple[LineRequest, SteppedRun | None] | None = None
        self._answer: LineAnswer | None = None
        self._task: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._closing = False
        protocol.connection_made(self)

    # Sending.

    def write(self, data: Any) -> None:
        """Send; what is whole then is answered, in a task."""
        if self._closing:
            return
        self._requests.extend(self._line.feed(bytes(data)))
        if self._requests:
            self._wanted.set()  # who asks the next thing has read the last
        self._go_on()

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing waits to be written."""

    # Receiving.

    def read_wanted(self) -> None:
        """The client waits for more of the answer."""
        self._wanted.set()

    def pause_reading(self) -> None:
        self._flowing.clear()

    def resume_reading(self) -> None:
        self._flowing.set()

    def is_reading(self) -> bool:
        return self._flowing.is_set() and not self._closing

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol  # type: ignore[assignment]

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    # Ending.

    def is_closing(self) -> bool:
        """Whether nothing can be asked any more: it was closed, or nobody answers."""
        return self._closing or not self._line.open

    def close(self) -> None:
        """The client leaves."""
        self._end()

    def abort(self) -> None:
        self._end()

    def _end(self) -> None:
        if self._closing:
            return
        self._closing = True
        task, answer = self._task, self._answer
        if answer is not None and not answer.blocking:
            answer.leave()
        if task is not None and task is not asyncio.current_task(self._loop):
            task.cancel()
        self._loop.call_soon(self._protocol.connection_lost, None)

    # Answering.

    def _go_on(self) -> None:
        if self._task is None and (self._requests or self._line.problem or self._line.expecting):
            self._task = self._loop.create_task(self._answer_all())

    async def _answer_all(self) -> None:
        try:
            await self._answer_each()
        except TimedOut:
            self._time_up(await self._read_limit_first())
        except Disconnected:
            self._end()
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as problem:  # noqa: BLE001 - whoever waits for the answer is told
            self._failed(problem)
        finally:
            self._task = None
            if self._answer is not None:
                await self._answer.aclose()

    async def _answer_each(self) -> None:
        while not self._closing:
            if self._requests:
                self._answer = answer = await self._begin(self._requests.popleft())
                await self._send(answer)
                self._answer = None
                if not answer.keep_alive:
                    self._end()
            elif self._line.problem is not None:
                self._protocol.data_received(self._line.refusal())
                self._end()
            elif (request := self._line.expected()) is not None:
                await self._answer_early(request)
            else:
                return

    async def _begin(self, request: LineRequest) -> LineAnswer:
        early, self._early = self._early, None
        embedded = self._line.embedded()
        run = early[1] if early is not None and early[0] is request else None
        if run is None:
            run = await embedded.aside(lambda: embedded.run(request.scope, bytes(request.body)))
        else:
            run.body = bytes(request.body)
        return LineAnswer(embedded, run, request.framing)

    async def _answer_early(self, request: LineRequest) -> None:
        """Tell that the body may come, unless the answer is known without it."""
        embedded = self._line.embedded()
        run = await embedded.aside(lambda: embedded.run_early(request.scope))
        if run is None or not run.decided:
            self._early = (request, run)
            self._protocol.data_received(CONTINUE)
            return
        request.framing.keep_alive = False
        await self._send(LineAnswer(embedded, run, request.framing))
        self._end()

    async def _send(self, answer: LineAnswer) -> None:
        embedded = answer.embedded
        self._clock = clock = await embedded.aside(lambda: _Clock(embedded, self.limits))
        answer.timeout = await embedded.aside(clock.left)
        async for piece in answer:
            await self._flowing.wait()
            self._wanted.clear()
            if piece:
                self._protocol.data_received(piece)
            if answer.unfinished:
                await self._wanted.wait()
            answer.timeout = await embedded.aside(clock.left)

    async def _read_limit_first(self) -> bool:
        clock = self._clock
        read, left = self.limits.read, await clock.embedded.aside(clock.total_left)
        return left is None or (read is not None and read <= left)


class _Clock:
    """What is left of the limits of one request, where the world's time is virtual."""

    def __init__(self, embedded: Embedded, limits: Limits) -> None:
        self.embedded = embedded
        self._world = embedded.patience.world
        self._limits = limits
        self._begun = self._world.now()

    def left(self) -> float | None:
        """Seconds of the next wait."""
        limits = [each for each in (self._limits.read, self.total_left()) if each is not None]
        return min(limits, default=None)

    def total_left(self) -> float | None:
        """Seconds of the whole request; the client's own timers watch over real time."""
        total = self._limits.total
        if total is None or self._world.state.progress == TIME:
            return total
        return max(0.0, total - (self._world.now() - self._begun) / SECOND)
