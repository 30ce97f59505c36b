"""The application without a socket: from the parts of a request to the answer, in pieces."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.beside import beside
from mock_mindvideo.transports.patience import Patience, TimedOut, aside
from mock_mindvideo.transports.stepping import SteppedRun
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.app import App
from mock_mindvideo.web.entrance import first_look
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.scope import scope_of
from mock_mindvideo.web.steps import Handling, Pause

__tracebackhide__ = hidden
__unittest = True

_Result = TypeVar("_Result")

#: The addresses of its clients, and its own.
CLIENT, SERVER = ("127.0.0.1", 49152), ("127.0.0.1", 443)


class Disconnected(Exception):
    """The connection broke; the message is what an HTTP client says to it."""


class Embedded:
    """One application, and how its clients wait. Safe to use from any thread and event loop."""

    def __init__(self, app: App, patience: Patience) -> None:
        self.app = app
        self.patience = patience

    def run(self, scope: Scope, body: bytes) -> SteppedRun:
        """The request, as far as it goes by itself; raises StandingStill."""
        self.patience.expect_progress()
        looked = first_look(scope, self.app.dialect)
        if looked is None and (emulated := self.app.emulated(scope)) is not None:
            return SteppedRun(self.app.emulation.begin(emulated, body))
        return SteppedRun(Handling(beside(self.app, scope, body), blocking=self.app.store.blocking))

    def run_early(self, scope: Scope) -> SteppedRun | None:
        """A request whose body is still to come; None where nothing begins before it has."""
        self.patience.expect_progress()
        if (
            first_look(scope, self.app.dialect) is not None
            or (emulated := self.app.emulated(scope)) is None
        ):
            return None
        return SteppedRun(self.app.emulation.begin(emulated))

    def begin(self, run: SteppedRun, timeout: float | None) -> "Body":
        """The answer once its head is there; raises TimedOut, Disconnected.

        A connection that breaks right after the head is told of to who reads the body.
        """
        body = Body(run, self.patience, timeout)
        try:
            body.pending = next(body, None)
            body.check_head()
        except Disconnected:
            if not run.status:
                raise
        except BaseException:  # a timeout or a cancellation, with which the client leaves
            run.leave()
            raise
        return body

    async def begin_async(self, run: SteppedRun, timeout: float | None) -> "Body":
        """The same in an event loop of asyncio or trio."""
        body = Body(run, self.patience, timeout, blocking=self.app.store.blocking)
        try:
            body.pending = await anext(body, None)
            body.check_head()
        except Disconnected:
            if not run.status:
                raise
        except BaseException:  # a timeout or a cancellation, with which the client leaves
            await body.aclose()
            raise
        return body

    async def aside(self, work: Callable[[], _Result]) -> _Result:
        """What `work` gives that asks the store, done in a thread if that may block."""
        return await aside(work, blocking=self.app.store.blocking)


class Body:
    """The body as its client reads it; reading raises TimedOut and Disconnected.

    `timeout` is in seconds, that of the next wait.
    """

    def __init__(
        self, run: SteppedRun, patience: Patience, timeout: float | None, *, blocking: bool = False
    ) -> None:
        self._blocking = blocking
        self.run = run
        self.pending: bytes | None = None
        self._patience = patience
        self.timeout = timeout
        self._rang: bool | None = None
        self._over = False
        self._broken: Disconnected | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    def __next__(self) -> bytes:
        left = self._patience.countdown(self.timeout)
        while not isinstance(found := self._step(), bytes):
            if found is None:
                raise StopIteration
            self._rang = self._patience.wait(found, left())
        return found

    async def __anext__(self) -> bytes:
        left = self._patience.countdown(self.timeout)
        while not isinstance(found := await aside(self._step, blocking=self._blocking), bytes):
            if found is None:
                raise StopAsyncIteration
            self._rang = await self._patience.wait_async(found, left(), blocking=self._blocking)
        return found

    def check_head(self) -> None:
        """Raise Disconnected where the connection broke before the answer's head."""
        if not self.run.status:
            raise Disconnected("Server disconnected without sending a response.")

    def close(self) -> None:
        """Stop reading; the application's side of it has ended when this returns."""
        self._over, self._broken = True, None
        self.run.leave()

    async def aclose(self) -> None:
        """The same where an event loop must not be held up."""
        await aside(self.close, blocking=self._blocking)

    def _step(self) -> bytes | Pause | None:
        """The next piece, what has to be waited for, or None at the end."""
        if self.pending is not None:
            piece, self.pending = self.pending, None
            return piece
        if self._broken is not None:
            raise self._broken
        if self._over:
            return None
        rang, self._rang = self._rang, None
        found = self.run.step(rang)
        if found is None:
            self._over = True
            return self._last()
        return found

    def _last(self) -> bytes | None:
        if self.run.dropped and self.run.status:
            self._broken = Disconnected(_complaint(self.run))
            raise self._broken
        return self.run.whole or None


def embedded_scope(method: str, target: bytes, headers: Headers, scheme: str) -> Scope:
    """The ASGI scope of a request of this process; names of headers as they are written."""
    lower = [(name.lower(), value) for name, value in headers]
    return scope_of(method, target, lower, scheme=scheme, client=CLIENT, server=SERVER)


def _complaint(run: SteppedRun) -> str:
    """What an HTTP client says to a body that breaks off."""
    length = next((int(value) for name, value in run.headers if name == b"content-length"), None)
    how = "incomplete chunked read"
    if length is not None:
        how = f"received {run.given} bytes, expected {length}"
    return f"peer closed connection without sending complete message body ({how})"


__all__ = ["Disconnected", "Embedded", "TimedOut", "embedded_scope"]
