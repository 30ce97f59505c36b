"""Running a request without a server and without an event loop.

Whoever sends the request steps its handling from one piece of the answer, or one wait, to the next;
so a stream is as far as its client has read, and ends the moment that its client lets go.
"""

from dataclasses import dataclass, field

from mock_mindvideo.system.frames import hidden
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.steps import (
    DROP,
    Aside,
    Handling,
    NeedBody,
    Pause,
    Piece,
    Start,
    Turn,
    Whole,
)

__tracebackhide__ = hidden
__unittest = True


@dataclass(slots=True, eq=False)
class SteppedRun:
    """One request on its way, and what its client has been given of the answer.

    Once `step` has given a piece, or None, `status` and `headers` are there, unless the connection
    was `dropped` before. `whole` is a body that came in one, `given` the bytes that came in pieces.
    `body` is the request's, if it came after the beginning.
    """

    handling: Handling
    status: int = 0
    headers: Headers = field(default_factory=list)
    whole: bytes = b""
    dropped: bool = False
    given: int = 0
    body: bytes | None = None
    _fresh: bool = True

    @property
    def decided(self) -> bool:
        """Whether the answer is known, whatever may still come of the request."""
        return self.handling.step is None

    @property
    def in_pieces(self) -> bool:
        """Whether the body, of which the beginning is here, is not here in one."""
        return self.given > 0 or self.dropped

    @property
    def headers_on_the_wire(self) -> Headers:
        """The headers with that of HTTP/1.1 for a body whose length is not known."""
        known = any(name == b"content-length" for name, _ in self.headers)
        if known or not self.in_pieces:
            return self.headers
        return [*self.headers, (b"transfer-encoding", b"chunked")]

    def step(self, rang: bool | None = None) -> Pause | bytes | None:
        """What has to be waited for, the next piece of the body, or None at its end.

        `rang` is the reply to a wait: whether the bell rang.
        """
        step = self.handling.step if self._fresh else self.handling.advance(rang)
        self._fresh = False
        while isinstance(step, Aside | Start | NeedBody | Turn):
            if isinstance(step, Start):
                self.status, self.headers = step
            step = self.handling.advance(self.body if isinstance(step, NeedBody) else None)
        if isinstance(step, Piece):
            self.given += len(step.data)
            return step.data
        if isinstance(step, Pause):
            return step
        self._finish(self.handling.end)
        return None

    def leave(self) -> None:
        """Let the client go; what the application does without it has been done, or is held."""
        self.handling.leave(self.body)

    def _finish(self, end: Whole | None) -> None:
        if end is DROP:
            self.dropped = True
        elif end is not None:
            self.status, self.headers, self.whole = end
