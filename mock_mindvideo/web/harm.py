"""What a fault does to an answer and to a stream on their way to the client. All of it is invented.

`Sending` is the way out of everything that is sent in pieces, whole answers that drip or break off
among them; `Harmed` is the same under a fault.
"""

from dataclasses import replace

from mock_mindvideo.domain.fault import AFTER_COMMIT, Fault
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.web.answers import LOST, Answer
from mock_mindvideo.web.faults import pass_time
from mock_mindvideo.web.steps import Piece, Steps
from mock_mindvideo.worlds import World

#: Pieces a second in which a dripping body comes, at most.
DRIPS = 10

COMMENT = b": keep-alive\n\n"


def harmed(answer: Answer, fault: Fault) -> Answer:
    """The answer as the fault leaves it, LOST where it does not arrive."""
    if fault.drop == AFTER_COMMIT:
        return LOST
    return replace(answer, body=broken(answer.body)) if fault.malformed else answer


class Sending:
    """A body on its way, as it is.

    `over` once nothing more may be sent, `broken` if the connection breaks then.
    """

    over = False
    broken = False

    def begin(self) -> Steps[None]:
        """What comes before the first event of a stream: nothing."""
        yield from ()

    def piece(self, data: bytes) -> Steps[None]:
        """A piece of the body."""
        yield Piece(data)

    def event(self, sequence: int, frame: bytes) -> Steps[None]:
        """One event of a stream."""
        yield from self.piece(frame)

    def end(self) -> None:
        """Called when the body is whole."""
        self.over = True


class Harmed(Sending):
    """A body that drips or breaks off, a stream whose events are garbled, doubled or cut off."""

    def __init__(self, fault: Fault, world: World, beat: bytes = COMMENT) -> None:
        self._beat = beat
        self._fault = fault
        self._world = world
        self._left = fault.truncate

    def begin(self) -> Steps[None]:
        """Nothing but comments, for a while."""
        for _ in range(0, self._fault.heartbeats or 0, SECOND):
            yield from self.piece(self._beat)
            yield from pass_time(self._world, 1.0)

    def event(self, sequence: int, frame: bytes) -> Steps[None]:
        """The event, unless it comes after a cut; garbled, or twice."""
        felt = _garbled(frame) if self._fault.malformed else frame
        for _ in range(2 if sequence == self._fault.duplicate else 1):
            yield from self.piece(felt)
        self.over = self.over or sequence == self._fault.cut

    def piece(self, data: bytes) -> Steps[None]:
        """As much of the piece as arrives, as slowly as it does."""
        if self.over:
            return
        if self._left is not None:
            self.broken = self.over = self._left < len(data)
            data = data[: self._left]
            self._left -= len(data)
        yield from self._slowly(data)

    def end(self) -> None:
        """A body that would have broken off after its last byte does so."""
        self.broken = self.broken or self._left == 0
        self.over = True

    def _slowly(self, data: bytes) -> Steps[None]:
        rate = self._fault.drip
        size = len(data) if rate is None else max(1, rate // DRIPS)
        for start in range(0, len(data), size or 1):
            if rate is not None and start:
                yield from pass_time(self._world, size / rate)
            yield Piece(data[start : start + size])


def broken(body: bytes) -> bytes:
    """The first half of a JSON text, which is none."""
    return body[: max(1, len(body) // 2)]


def _garbled(frame: bytes) -> bytes:
    head, mark, data = frame.partition(b"data: ")
    if not mark:
        return broken(frame.rstrip()) + b"\n"
    return head + b"data: " + broken(data.rstrip()) + b"\n\n"
