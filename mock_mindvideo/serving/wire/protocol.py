"""One connection of HTTP/1.1: what comes is read, what goes is written, and nobody waits for ever.

A request for the emulated API that has come whole is answered at once, if the application can:
without a task and messages, which cost as much as the answer. Of every other one a task is made,
in their order. What comes behind a request that waits stays bytes until its turn.

The server is uvicorn's; all that is asked of it is `fences.uvicorn.ServerSide`.
"""

import asyncio
from collections import deque
from typing import Any

from mock_mindvideo.domain.errors import InvalidHttp, MockError, RequestTimeout, Unavailable
from mock_mindvideo.fences.uvicorn import ServerSide
from mock_mindvideo.http1.answer import STATUS_LINES, lines, refusal
from mock_mindvideo.http1.reader import Head, Reader
from mock_mindvideo.serving.wire.cycle import HIGH_WATER, Cycle
from mock_mindvideo.serving.wire.flow import Flow
from mock_mindvideo.serving.wire.outbox import outbox_of
from mock_mindvideo.serving.wire.scope import Scopes
from mock_mindvideo.serving.wire.watch import hung_up, watch_of
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.access_log import write_refusal
from mock_mindvideo.web.app import App
from mock_mindvideo.web.emulation import Emulation
from mock_mindvideo.web.fields import check
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.steps import DROP, Handling

#: Bytes that are read before it is asked whether what follows has to wait.
SLICE = 4 * 1024

#: Requests of one packet that are answered before other connections have their turn.
AT_ONCE = 16

#: Bytes a second that a body must bring once the time for its beginning is over.
SLOWEST = 1024

#: Seconds that a client which is still sending has for reading the last answer.
LINGER = 5.0

_AT_ONCE_METHODS = ("GET", "POST")

_DEFAULTS = Settings()


class Protocol(asyncio.Protocol):
    """One connection.

    `_current` is the request that is being answered, `_queue` holds those that have come behind
    it, `_receiving` the one of them whose body is coming, `_raw` what was not read yet. `_whole`
    is a request that may be answered at once when its body, in `_body`, is here, `_begun` what was
    done for it before it had to wait. `_problem` ends the connection when it is its turn.
    """

    __slots__ = (
        "__weakref__",
        "_app",
        "_begun",
        "_body",
        "_current",
        "_date",
        "_dated",
        "_emulation",
        "_ended",
        "_flow",
        "_host",
        "_left_at_once",
        "_lingering",
        "_loop",
        "_outbox",
        "_problem",
        "_queue",
        "_raw",
        "_reader",
        "_received",
        "_receiving",
        "_scopes",
        "_settings",
        "_since",
        "_watch",
        "_whole",
    )

    _flow: Flow
    _scopes: Scopes

    def __init__(self, host: ServerSide, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._app: Any = host.app
        known = isinstance(self._app, App)
        self._emulation: Emulation | None = self._app.emulation if known else None
        self._settings: Settings = self._app.settings if known else _DEFAULTS
        self._host = host
        self._loop = loop or asyncio.get_running_loop()
        self._outbox = outbox_of(self._loop)
        self._watch = watch_of(self._loop)
        self._reader = Reader(self)
        self._queue: deque[Cycle] | tuple[()] = ()
        self._current: Cycle | None = None
        self._receiving: Cycle | None = None
        self._whole: Head | None = None
        self._begun: Handling | None = None
        self._body = b""
        self._raw = bytearray()
        self._problem: MockError | None = None
        self._since = self._watch.now
        self._received = 0
        self._left_at_once = AT_ONCE
        self._ended = self._lingering = False
        self._dated: Headers = []
        self._date = b""

    # What the transport tells.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._flow = Flow(transport, self._watch.now)
        self._scopes = Scopes(transport)
        self._host.connections.add(self)
        if not self._watch.add(self):
            self._refuse(Unavailable("too many connections are open; raise ulimit -n"))

    def connection_lost(self, problem: Exception | None) -> None:
        self._host.connections.discard(self)
        self._watch.discard(self)
        self._leave()
        self._flow.resume_writing(self._watch.now)
        self._reader.close()
        self._raw.clear()
        self._problem = None  # nobody is there to be told

    def eof_received(self) -> bool:
        """The client sends no more; what it has asked for is answered all the same."""
        self._ended = True
        self._leave()
        self._outbox.flush()
        return self._current is not None and not self._lingering

    def pause_writing(self) -> None:
        self._flow.pause_writing()

    def resume_writing(self) -> None:
        self._flow.resume_writing(self._watch.now)

    def data_received(self, data: bytes) -> None:
        if self._lingering:
            return
        self._left_at_once = AT_ONCE
        if self._current is None and not self._raw and len(data) <= SLICE:
            self._read(data)
        else:
            self._raw += data
            self._read_raw()

    # Reading.

    def _must_wait(self) -> bool:
        """Whether what comes next is not read yet."""
        receiving = self._receiving
        return bool(self._queue) or (receiving is not None and receiving.full)

    def _read_raw(self) -> None:
        raw = self._raw
        while raw and not self._must_wait() and not self._reader.ended:
            piece = bytes(raw[:SLICE])
            del raw[:SLICE]
            self._read(piece)
        if self._reader.ended:
            raw.clear()
        elif len(raw) > HIGH_WATER or (self._receiving is not None and self._receiving.full):
            self._flow.stop_reading()

    def _read(self, data: bytes) -> None:
        reader = self._reader
        within = reader.in_head
        try:
            reader.feed(data)
        except InvalidHttp as problem:
            self._refuse(problem)
            return
        if reader.in_head and not within:
            self._since = self._watch.now
        if self._whole is not None:  # the rest of it is still on its way
            self._hand_on(self._whole)

    def on_head(self, head: Head) -> None:
        self._since, self._received = self._watch.now, 0
        if self._may_be_answered_at_once(head):
            self._whole = head
        else:
            self._hand_on(head)

    def on_data(self, data: bytes) -> None:
        self._received += len(data)
        if self._whole is not None:
            self._body += data
        elif self._receiving is not None:
            self._receiving.on_data(data)
            if self._receiving.complete and self._received > self._settings.bounds.upload:
                self._reader.ended = True  # it was refused long ago, and goes on
                self._end()

    def on_end(self) -> None:
        self._since = self._watch.now
        if self._whole is not None:
            if self._answered_at_once(self._whole):
                self._whole, self._body = None, b""
                return
            self._hand_on(self._whole)
        if self._receiving is not None:
            self._receiving.on_end()
            self._receiving = None

    def read_on(self) -> None:
        """The application has taken what had come of a body."""
        if self._flow.read_on():
            self._since, self._received = self._watch.now, 0
        if self._raw:
            self._read_raw()

    def rest(self) -> None:
        """The request that is being answered waits, perhaps for long."""
        self._reader.rest()

    # Answering.

    def _may_be_answered_at_once(self, head: Head) -> bool:
        return (
            self._current is None
            and head.plain
            and head.keep_alive
            and head.method in _AT_ONCE_METHODS
            and self._flow.writing
            and self._left_at_once > 0
            and self._emulation is not None
        )

    def _answered_at_once(self, head: Head) -> bool:
        if self._emulation is None:
            return False
        try:
            check(head.headers, head.fields)
        except InvalidHttp:  # said by the application, as at every door
            return False
        self._left_at_once -= 1
        handling = self._emulation.begin(self._scopes.plain(head), self._body, head.fields)
        if handling.step is not None or handling.end is None:
            self._begun = handling
            return False
        if handling.end is DROP:
            self.abort()
        else:
            self._write_answer(*handling.end)
        return True

    def _write_answer(self, status: int, headers: Headers, body: bytes) -> None:
        head = STATUS_LINES[status] + self.dated + lines(headers)
        self._outbox.put(self._flow.transport, head + b"\r\n" + body)

    def _hand_on(self, head: Head) -> None:
        """Make a task of a request whose head is complete, with as much body as there is."""
        begun, self._begun = self._begun, None
        cycle = Cycle(self, head, self._scopes.scope(head, begun))
        cycle.left = self._ended
        if self._body:
            cycle.on_data(self._body)
        self._whole, self._body, self._receiving = None, b"", cycle
        if self._current is None:
            self._start(cycle)
        else:
            self._queue = self._queue or deque()
            self._queue.append(cycle)

    def _start(self, cycle: Cycle) -> None:
        self._current = cycle
        task = self._loop.create_task(cycle.run(self._app))
        self._host.tasks.add(task)
        task.add_done_callback(self._host.tasks.discard)

    def on_answered(self, cycle: Cycle) -> None:
        """An answer was written whole; on with the next request."""
        self._since = self._watch.now
        self._current = None
        if not cycle.keep_alive:
            self._end()
        elif self._queue:
            self._start(self._queue.popleft())
        elif self._problem is not None:
            self._refuse(self._problem)
        else:
            self.read_on()
            if self._ended and self._current is None:
                self._end()

    @property
    def dated(self) -> bytes:
        """The server's own lines, made anew when it has changed them: once a second."""
        dated = self._host.headers
        if dated is not self._dated:
            self._dated, self._date = dated, lines(dated)
        return self._date

    def write(self, data: bytes | memoryview) -> None:
        """Write behind everything that was written before."""
        self._outbox.flush()
        self._flow.write(data)

    async def drained(self) -> None:
        await self._flow.drained()

    # Ending.

    def _refuse(self, problem: MockError) -> None:
        """Answer what cannot be read, behind what is answered before it, and close."""
        self._reader.ended = True
        self._raw.clear()
        broken, self._receiving = self._receiving, None
        if broken in self._queue:
            self._queue.remove(broken)  # type: ignore[union-attr, arg-type]
        if self._current is None:
            answered = broken is not None and broken.complete
            self._say_no_more(b"" if answered else self._refusal(problem))
        elif broken is not self._current:
            self._problem = problem
        else:
            broken.mute = True
            broken.leave()
            # There is no second answer where one has begun.
            self._say_no_more(b"" if broken.started else self._refusal(problem))

    def _refusal(self, problem: MockError) -> bytes:
        write_refusal(problem.status, problem.code, problem.message)
        return refusal(problem, self.dated, to_head=self._reader.method == "HEAD")

    def _say_no_more(self, last: bytes) -> None:
        self.write(last)
        self._end()

    def _end(self) -> None:
        """Close, when the client has had the time to read what was written last."""
        self._outbox.flush()
        if self._ended or not (self._reader.in_head or self._reader.in_body):
            self.close()
        elif not self._lingering:
            self._lingering, self._since = True, self._watch.now
            self._flow.read_on()
            self._flow.finish()

    def close(self) -> None:
        """Close when everything is written."""
        self._outbox.flush()
        self._flow.transport.close()

    def abort(self) -> None:
        """Close without another byte."""
        self._flow.transport.abort()

    def _leave(self) -> None:
        for cycle in (self._current, *self._queue):
            if cycle is not None:
                cycle.leave()

    def shutdown(self) -> None:
        """The server stops: end streams, finish the answer that is under way, and close."""
        if isinstance(self._app, App):
            self._watch.close_streams(self._app.open_streams)
        if self._current is None:
            self.close()
        else:
            self._current.keep_alive = False

    def look(self, now: float) -> None:
        """Whether the client keeps the limits of time; asked each second."""
        limits, silent = self._settings, now - self._since
        reader, flow = self._reader, self._flow
        if flow.stuck_since(now) > limits.write_timeout:
            self.abort()
        elif self._lingering:
            if silent > LINGER:
                self.abort()
        elif reader.in_head:
            if silent > limits.head_timeout:
                self._refuse(RequestTimeout("the head of the request did not come in time"))
        elif reader.in_body and flow.reading:
            if silent > limits.body_timeout + self._received / SLOWEST:
                self._refuse(RequestTimeout("the body of the request did not come in time"))
        elif self._current is None and silent > limits.idle_timeout:
            self.close()
        if not flow.reading and hung_up(flow.transport.get_extra_info("socket")):
            self._leave()
