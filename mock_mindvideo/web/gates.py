"""Gates: points where a request is held until somebody lets it go, to make a race happen.

All of this lives in the process. A key is marked as in progress only while the first request
under it is held, by a gate or by a delay.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from mock_mindvideo.domain.errors import IdempotencyInProgress
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.steps import Pause, Steps
from mock_mindvideo.web.waiting import Bell

#: Where a request can be held: before it is read, before its task is stored, before its answer.
POINTS = ("request", "commit", "answer")

#: Real seconds after which a held request goes on by itself, so that nothing hangs for ever.
LONGEST = 60.0


class Gate:
    """Holds the first request of a world that comes to `point`; the others pass."""

    def __init__(self, world: str, point: str) -> None:
        self.world = world
        self.point = point
        self.taken = False
        self.reached = Bell()
        self.opened = Bell(by_hand=True)


class Gates:
    """The closed gates of one application, and the idempotency keys of held requests."""

    def __init__(self) -> None:
        #: Whether no gate is closed and no idempotency key marked, so that nobody need ask.
        self.quiet = True
        self._lock = RLock()
        self._closed: list[Gate] = []
        self._marks: Counter[tuple[str, str]] = Counter()

    def close(self, world: str, point: str) -> Gate:
        """A closed gate; raises ValueError for an unknown point."""
        if point not in POINTS:
            raise ValueError(f"no point '{point}'; a request can be held at {', '.join(POINTS)}")
        gate = Gate(world, point)
        self._closed.append(gate)
        self._listen()
        return gate

    def open(self, gate: Gate) -> None:
        """Let the held request go, and everyone after it."""
        if gate in self._closed:
            self._closed.remove(gate)
            self._listen()
        gate.opened.ring()

    def stop(self, world: str, point: str, idempotency_key: str | None) -> Steps[None]:
        """Wait here if a gate holds this request."""
        gate = self._taken(world, point)
        if gate is None:
            return
        with self.marked(world, idempotency_key):
            gate.reached.ring()  # whoever hears it finds the key marked
            yield Pause(gate.opened, LONGEST)

    @contextmanager
    def marked(self, world: str, idempotency_key: str | None) -> Iterator[None]:
        """While inside, the idempotency key's first request is under way."""
        if idempotency_key is None:
            yield
            return
        self._mark(world, idempotency_key, 1)
        try:
            yield
        finally:
            self._mark(world, idempotency_key, -1)

    def in_progress(self, world: str, idempotency_key: str | None) -> bool:
        """Whether a request under this idempotency key is held."""
        return idempotency_key is not None and (world, idempotency_key) in self._marks

    def _mark(self, world: str, idempotency_key: str, more: int) -> None:
        with self._lock:
            self._marks[world, idempotency_key] += more
            if not self._marks[world, idempotency_key]:
                del self._marks[world, idempotency_key]
            self._listen()

    def _listen(self) -> None:
        self.quiet = not self._closed and not self._marks

    def _taken(self, world: str, point: str) -> Gate | None:
        """The gate that holds this request, and no other one any more."""
        if not self._closed:
            return None
        with self._lock:
            for gate in self._closed:
                if (gate.world, gate.point) == (world, point) and not gate.taken:
                    gate.taken = True
                    return gate
        return None


def in_progress() -> IdempotencyInProgress:
    """The refusal of a request whose idempotency key another one is still using."""
    return IdempotencyInProgress(
        f"the first request under this {PLATFORM.headers.idempotency_key} is still being worked on;"
        " retry in a moment"
    )
