"""One connection of HTTP/1.1: what comes is read, what goes is written, and nobody waits for ever.

A request for the emulated API that has come whole is answered at once, if the application can:
without a task and messages, which cost as much as the answer. Of every other one a task is made,
in their order. What comes behind a request that waits stays bytes until its turn.

The server is uvicorn's; all that is asked of it is `fences.uvicorn.ServerSide`.
"""

import asyncio
from collections import deque
from functools import partial

from mock_mindvideo.domain.errors import InvalidHttp, Unavailable
from mock_mindvideo.fences.uvicorn import ServerSide
from mock_mindvideo.http1.answer import STATUS_LINES, lines
from mock_mindvideo.http1.reader import Head, Reader
from mock_mindvideo.serving.wire.connection import AT_ONCE, OpenConnection
from mock_mindvideo.serving.wire.cycle import HIGH_WATER, Cycle
from mock_mindvideo.serving.wire.flow import Flow
from mock_mindvideo.serving.wire.scope import Scopes
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.fields import check
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.steps import DROP, Handling

#: Bytes that are read before it is asked whether what follows has to wait.
SLICE = 4 * 1024

_AT_ONCE_METHODS = ("GET", "POST")


class Protocol(OpenConnection):
    """What the transport tells, what the reader has read, and the answers to it."""

    __slots__ = ()

    def __init__(self, host: ServerSide, loop: asyncio.AbstractEventLoop | None = None) -> None:
        super().__init__(host, loop)
        self._reader = Reader(self)

    # What the transport tells.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._flow = Flow(transport, self._watch.now)
        self._scopes = Scopes(transport)
        self._host.connections.add(self)
        if not self._watch.add(self):
            self._refuse(Unavailable("too many connections are open; raise ulimit -n"))

    def connection_lost(self, problem: Exception | None) -> None:
        self._settle()
        self._host.connections.discard(self)
        self._watch.discard(self)
        self._leave()
        self._flow.resume_writing(self._watch.now)
        self._reader.close()
        self._raw.clear()
        self._problem = None  # nobody is there to be told

    def eof_received(self) -> bool:
        """The client sends no more; what it has asked for is answered all the same."""
        self._settle()
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
        if self._whole is not None and not self._staged:  # the rest of it is still on its way
            self._hand_on(self._whole)

    def on_head(self, head: Head) -> None:
        self._settle()
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
            if self._rounds.admits(self._whole.caller):
                self._staged = True
                self._stages.add(self)
                return
            self._hand_on(self._whole)
        self._received_whole()

    def _received_whole(self) -> None:
        """All of the request has come whose body was coming."""
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
            and head.keep_alive
            and self._left_at_once > 0
            and not self._watch.draining
            and self._is_light(head)
        )

    def _is_light(self, head: Head) -> bool:
        """Whether it is one that the application can answer at once, to a client that reads."""
        return (
            head.plain
            and head.method in _AT_ONCE_METHODS
            and self._flow.writing
            and self._emulation is not None
        )

    def begin(self) -> Handling | None:
        """Begin to answer the request that has come whole, with others, as far as its first stage.

        None where it is for the application to say what is wrong with it.
        """
        assert self._whole is not None  # noqa: S101 - it is `_staged`
        return self._begin(self._whole, self._body, staged=True)

    def finish(self, handling: Handling | None) -> None:
        """Write the answer that was made with others; a request that has to wait does so."""
        head, self._staged = self._whole, False
        assert head is not None  # noqa: S101 - as it began
        if self._is_answered(handling):
            self._left_at_once -= 1
            self._whole, self._body = None, b""
        else:
            self._hand_on(head)
            self._received_whole()

    def _begin(self, head: Head, body: bytes, *, staged: bool = False) -> Handling | None:
        """The handling of a request that has come whole, which is `_begun` with this."""
        if self._emulation is None:
            return None
        try:
            check(head.headers, head.fields)
        except InvalidHttp:  # said by the application, as at every door
            return None
        scope = self._scopes.plain(head)
        handling = self._emulation.begin(scope, body, head.fields, staged=staged)
        self._begun = handling, scope
        return handling

    def _is_answered(self, handling: Handling | None) -> bool:
        """Whether it has come to its end already, of which the answer is written."""
        if handling is None:
            return False
        if handling.step is not None or handling.end is None:
            handling.staged = False
            return False
        self._begun = None
        if handling.end is DROP:
            self.abort()
        else:
            self._write_answer(*handling.end)
        return True

    def _write_answer(self, status: int, headers: Headers, body: bytes) -> None:
        head = STATUS_LINES[status] + self.dated + lines(headers)
        self._outbox.put(self._flow.transport, head + b"\r\n" + body)

    def _hand_on(self, head: Head) -> None:
        """Let the application answer a request whose head is complete, as much as has come."""
        cycle = Cycle(self, head, self._scope_of(head))
        cycle.left = self._ended
        if self._watch.draining:
            cycle.keep_alive = False
        if self._body:
            cycle.on_data(self._body)
        self._whole, self._body, self._receiving = None, b"", cycle
        if self._current is None:
            self._start(cycle)
        else:
            self._queue = self._queue or deque()
            self._queue.append(cycle)

    def _scope_of(self, head: Head) -> Scope:
        """With the handling that has begun already, if one has."""
        begun, self._begun = self._begun, None
        return self._scopes.scope(head) if begun is None else self._scopes.started(head, *begun)

    def _start(self, cycle: Cycle) -> None:
        self._current, head = cycle, cycle.head
        if head is None or cycle.begun or self._rounds.admits(head.caller):
            self._run(cycle)
        else:
            self._rounds.wait(head.caller, partial(self._go_on, cycle, head))

    def _go_on(self, cycle: Cycle, head: Head) -> None:
        """It is the turn of a request that had to wait for it."""
        light = cycle.undisturbed and self._is_light(head)
        if light and self._is_answered(self._begin(head, cycle.body)):
            if not self.lost:
                self.on_answered(cycle)
            return
        if self._begun is not None:
            cycle.scope = self._scope_of(head)
        self._run(cycle)

    def _run(self, cycle: Cycle) -> None:
        """Continue the handling as an asyncio task."""
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

    async def drained(self) -> None:
        await self._flow.drained()
