"""One connection's state, what is written to it, and how it ends: answered, refused, late, left."""

import asyncio
from collections import deque
from typing import Any

from mock_mindvideo.domain.dialect import Dialect, own_dialect
from mock_mindvideo.domain.errors import MockError, RequestTimeout
from mock_mindvideo.fences.uvicorn import ServerSide
from mock_mindvideo.http1.answer import lines, refusal
from mock_mindvideo.http1.reader import Head, Reader
from mock_mindvideo.serving.wire.cycle import Cycle
from mock_mindvideo.serving.wire.flow import Flow
from mock_mindvideo.serving.wire.outbox import outbox_of
from mock_mindvideo.serving.wire.rounds import rounds_of
from mock_mindvideo.serving.wire.scope import Scopes
from mock_mindvideo.serving.wire.stages import stages_of
from mock_mindvideo.serving.wire.watch import hung_up, watch_of
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.access_log import write_refusal
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.app import App
from mock_mindvideo.web.emulation import Emulation
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.steps import Handling

#: Requests of one packet that are answered before other connections have their turn.
AT_ONCE = 16

#: Bytes a second that a body must bring once the time for its beginning is over.
SLOWEST = 1024

#: Seconds that a client which is still sending has for reading the last answer.
LINGER = 5.0

_DEFAULTS = Settings()


class OpenConnection(asyncio.Protocol):
    """One connection.

    `_current` is the request that is being answered, `_queue` holds those that have come behind
    it, `_receiving` the one of them whose body is coming, `_raw` what was not read yet. `_whole`
    is a request that may be answered at once when its body, in `_body`, is here, `_staged` says
    that it is, together with others, and `_begun` is what was done for it before it had to wait.
    `_problem` ends the connection when it is its turn.
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
        "_rounds",
        "_scopes",
        "_settings",
        "_since",
        "_staged",
        "_stages",
        "_watch",
        "_whole",
    )

    _flow: Flow
    _scopes: Scopes
    _reader: Reader

    def __init__(self, host: ServerSide, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._app: Any = host.app
        known = isinstance(self._app, App)
        self._emulation: Emulation | None = self._app.emulation if known else None
        self._settings: Settings = self._app.settings if known else _DEFAULTS
        self._host = host
        self._loop = loop or asyncio.get_running_loop()
        self._outbox = outbox_of(self._loop)
        self._stages = stages_of(self._loop)
        self._rounds = rounds_of(self._loop)
        self._watch = watch_of(self._loop)
        self._queue: deque[Cycle] | tuple[()] = ()
        self._current: Cycle | None = None
        self._receiving: Cycle | None = None
        self._whole: Head | None = None
        self._begun: tuple[Handling, Scope] | None = None
        self._body = b""
        self._raw = bytearray()
        self._problem: MockError | None = None
        self._since = self._watch.now
        self._received = 0
        self._left_at_once = AT_ONCE
        self._ended = self._lingering = self._staged = False
        self._dated: Headers = []
        self._date = b""

    @property
    def dated(self) -> bytes:
        """The server's own lines, made anew when it has changed them: once a second."""
        dated = self._host.state.default_headers
        if dated is not self._dated:
            self._dated, self._date = dated, lines(dated)
        return self._date

    @property
    def dialect(self) -> Dialect:
        """How refusals are worded."""
        return self._app.dialect if isinstance(self._app, App) else own_dialect()

    @property
    def lost(self) -> bool:
        """Whether the client was cut off, or is being."""
        return self._flow.transport.is_closing()

    def write(self, data: bytes | memoryview) -> None:
        """Write behind everything that was written before."""
        self._outbox.flush()
        self._flow.write(data)

    def _refuse(self, problem: MockError) -> None:
        """Answer what cannot be read, behind what is answered before it, and close."""
        self._settle()
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
        said = self.dialect
        write_refusal(said.refusals.status(problem), problem.code, problem.message)
        return refusal(problem, said, self.dated, to_head=self._reader.method == "HEAD")

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

    def _settle(self) -> None:
        """Have the request answered that was to be with others, before anything follows it."""
        if self._staged:
            self._stages.run()

    def _leave(self) -> None:
        for cycle in (self._current, *self._queue):
            if cycle is not None:
                cycle.leave()

    @property
    def busy(self) -> bool:
        """Whether a request's head has come, and its answer is not written yet."""
        return self._current is not None or self._whole is not None

    def drain(self) -> None:
        """The server is about to stop: after the answer that is under way, close."""
        if self._current is not None and not self._current.started:
            self._current.keep_alive = False

    def shutdown(self) -> None:
        """The server stops: end streams, finish the answer that is under way, and close."""
        self._settle()
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
