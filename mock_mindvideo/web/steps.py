"""The handling of one request, apart from what runs it.

It is a generator that does no input, output or waiting of its own. It yields a step for each
thing that it needs or has to say, is sent the reply, and returns the end of the answer. Three
drivers run it: the connection as far as it goes without waiting (`wire`), ASGI (`web/asgi`), and
a client in the same process (`transports/stepping`).
"""

from collections.abc import Generator
from functools import partial
from typing import Any, NamedTuple, TypeVar

from mock_mindvideo.domain.work import Work
from mock_mindvideo.web.headers import Headers
from mock_mindvideo.web.threads import apart
from mock_mindvideo.web.waiting import Bell

_Result = TypeVar("_Result")


class NeedBody(NamedTuple):
    """The body; the reply is its bytes, all of them or as many as show that it is too large.

    None where there is no room for it.
    """


class Pause(NamedTuple):
    """Waiting for `bell`, at most `seconds` as the client feels them; None is for ever.

    `due` is in how many seconds something will happen by itself, None if nothing ever will. The
    reply is whether the bell rang.
    """

    bell: Bell | None
    seconds: float | None
    due: float | None = None


class Aside(NamedTuple):
    """Nothing yet: this handling is begun, and gone on with, in a thread, since it may block."""


class Turn(NamedTuple):
    """Nothing: what follows takes long, so the others are served before."""


class Stage(NamedTuple):
    """Nothing: requests that are answered together reach the end of a stage together.

    Only a `staged` handling shows it, for the connections that run it (`wire/stages`).
    """


class Start(NamedTuple):
    """The head of an answer whose body follows in pieces, until the handling ends."""

    status: int
    headers: Headers


class Piece(NamedTuple):
    """The next piece of the body."""

    data: bytes


class Whole(NamedTuple):
    """An answer in one; with the status 0 there is none, and the connection breaks."""

    status: int
    headers: Headers
    body: bytes


#: The end of a handling after which the connection is broken, whatever was sent before.
DROP = Whole(0, [], b"")

#: The end of a stage.
STAGE = Stage()

Step = Aside | NeedBody | Pause | Stage | Turn | Start | Piece

#: A part of the handling, and what it returns.
Steps = Generator[Step, Any, _Result]


def with_turns(work: Work[_Result]) -> Steps[_Result]:
    """The result of long work, which gives the others their turn before each step of it."""
    while True:
        yield Turn()
        try:
            next(work)
        except StopIteration as over:
            result: _Result = over.value
            return result


class Handling:
    """One request on its way, advanced as far as its first `step`.

    `step` is what has to be done next, None at the end: then `end` is the answer, None if it has
    been sent in pieces. Whoever runs one that is `blocking` calls its methods in threads, one after
    the other; it begins with the step `Aside`. One that is `staged` stops at the end of each stage.
    """

    __slots__ = ("_steps", "begun", "blocking", "end", "staged", "step")

    def __init__(
        self, steps: Steps[Whole | None], *, blocking: bool = False, staged: bool = False
    ) -> None:
        self._steps = steps
        self.staged = staged
        self.step: Step | None = None
        self.end: Whole | None = None
        self.begun = False
        self.blocking = blocking
        if blocking:
            self.step = Aside()
        else:
            self.advance()

    def advance(self, reply: bytes | bool | None = None) -> Step | None:
        """On to the next step, with the reply to the last one."""
        try:
            self.step = self._steps.send(reply)
            while self.step is STAGE and not self.staged:
                self.step = self._steps.send(None)
        except StopIteration as over:
            self.step, self.end = None, over.value
        else:
            self.begun = self.begun or isinstance(self.step, Start)
        return self.step

    def leave(self, body: bytes | None = None) -> None:
        """Go on without the client, who has left; `body` is its request's, if it has come whole.

        Such a request is carried out, as by any server, which cannot know in time: nothing waits
        for a clock any more, but a gate holds until somebody opens it. A request that is not whole
        is none, and of an answer in pieces there is nobody to be sent more: those end here.
        """
        while not self.begun:
            match self.step:
                case Pause(bell=Bell(by_hand=True, rung=False) as bell):
                    going_on = partial(self.leave, body)
                    bell.listen(partial(apart, going_on) if self.blocking else going_on)
                    return
                case Aside() | Stage() | Turn():
                    self.advance()
                case Pause():
                    self.advance(False)
                case NeedBody() if body is not None:
                    self.advance(body)
                case _:
                    break
        self.close()

    def close(self) -> None:
        """End where it is; what it holds is released when this returns."""
        self.step = None
        self._steps.close()
