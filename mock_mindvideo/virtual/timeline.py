"""The time of a test: what its clocks show, who waits, and when it moves on.

It moves when everybody who takes part waits, to the nearest moment at which one of them wakes.
Moments are microseconds since it began.
"""

import math
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.party import Party, TimeSource
from mock_mindvideo.virtual.standing_still import StandingStill
from mock_mindvideo.virtual.story import story
from mock_mindvideo.virtual.waiter import Waiter

SECOND = 1_000_000

_GRID = 10**9 // 2**9

#: Real seconds between two looks of somebody who waits: short at first, for those who run.
FIRST, LONGEST = 0.0002, 0.005

#: Real seconds of nothing after which nothing will happen, and the same where sockets are open.
NOTHING, NOTHING_OUTSIDE = 0.25, 5.0

#: Readings of a clock without a wait after which a program is thought to wait by reading it.
MOST_READS = 10_000

#: Moves of one test after which it is thought to go round in circles.
MOST_MOVES = 200_000


class Moving(Protocol):
    """A world whose time is the timeline's; `now` in microseconds since 1970."""

    def now(self) -> int:
        """The world's time."""

    def move_to(self, now: int) -> None:
        """Move the world's time on to `now`; never back."""

    def due(self) -> int | None:
        """When its next event is due, if anybody outside this process's threads waits for one."""

    def forked(self) -> "Moving":
        """The same world as a child process reaches it."""


def exact(nanoseconds: int) -> int:
    """The next moment that seconds as a float hold exactly: a multiple of 2**-9 s.

    From any other, a deadline of 600 s can be missed by the last digit after sleeps of 600 s.
    """
    return -(-nanoseconds // _GRID) * _GRID


class Timeline:
    """One test's time. Safe to use from any thread."""

    def __init__(self) -> None:
        self.over = False
        self.naps: list[float] = []
        self._since_1970: int = real.time.time_ns() // 1000
        self.sources: list[TimeSource] = []
        self.began = exact(real.time.monotonic_ns())
        self._lock = threading.RLock()
        self._worlds: dict[Moving, int] = {}
        self._elapsed = 0
        self._moves = 0
        self._reads = 0
        self._spinning: tuple[int, int] | None = None
        self._nothing_since: float | None = None
        self._waiters: dict[int, Waiter] = {}
        self.party = Party(self._waiters, self.sources, self._streamed)

    def attach(self, world: Moving) -> None:
        """Let a world's time be this one from now on."""
        with self._lock:
            self._worlds[world] = world.now() - self.elapsed()

    def detach(self, world: Moving) -> None:
        """Let it have its own again."""
        with self._lock:
            self.elapsed()
            self._worlds.pop(world, None)

    @property
    def attached(self) -> bool:
        """Whether any world is."""
        return bool(self._worlds)

    def elapsed(self) -> int:
        """The moment. A world that was moved by others takes this time and the other worlds on."""
        with self._lock:
            moments = [world.now() - start for world, start in self._worlds.items()]
            self._elapsed = now = max(self._elapsed, *moments) if moments else self._elapsed
            for (world, start), moment in zip(self._worlds.items(), moments, strict=True):
                if moment < now:
                    world.move_to(start + now)
            return now

    def wall(self) -> int:
        """What a wall clock shows, in microseconds since 1970."""
        with self._lock:
            now = self._read()
            return now + next(iter(self._worlds.values()), self._since_1970)

    def monotonic_ns(self) -> int:
        """What a clock shows that does not know the date."""
        return self.began + self._read() * 1000

    def _read(self) -> int:
        """The moment, for a clock; for who reads on without a wait it passes as really."""
        self._reads += 1
        if self._reads > MOST_READS:
            with self._lock:
                ran, since = self._spinning or (real.time.monotonic_ns(), self.elapsed())
                self._spinning = ran, since
                self._go_to(since + (real.time.monotonic_ns() - ran) // 1000)
        return self.elapsed()

    def virtual(self) -> bool:
        """Whether the running thread takes part."""
        return not self.over and self.party.has_me()

    def sleep(self, seconds: float, what: str = "sleep") -> None:
        """Wait for so many seconds."""
        self.wait(seconds, Waiter(None, what))

    def waiter(self, what: str) -> Waiter:
        """For `wait`, somebody who waits for what this is called."""
        return Waiter(None, what)

    def wait(self, seconds: float | None, waiter: Waiter) -> bool:
        """Wait, with a limit or without; whether the waiter heard what it waits for."""
        thread, self._reads, self._spinning = threading.current_thread(), 0, None
        with self._parked(waiter, thread, seconds):
            pause = FIRST
            self.look()
            while not waiter.woken and not self.over:
                waiter.rest(pause)
                pause = min(pause * 1.5, LONGEST)
                if not waiter.woken:
                    self.look()
        if waiter.failure is not None:
            raise waiter.failure
        if self.over and not waiter.woken:
            self._rest(waiter)
        return waiter.heard

    def look(self) -> None:
        """Wake who may go on; if nobody may and all wait, move on to the nearest moment."""
        self._look()
        for source in self.sources:
            source.deliver()

    def _look(self) -> None:
        with self._lock:
            if self.over or self._wake() or not self.party.all_wait():
                return
            coming = [each.deadline for each in self._waiters.values()]
            coming += map(self._due, self._worlds.items())
            coming += [source.due() for source in self.sources]
            moments = [moment for moment in coming if moment is not None]
            if moments:
                self._nothing_since = None
                self._move(min(moments))
            else:
                self._nothing()
            self._wake()

    def reach(self, monotonic: float) -> None:
        """Move on until a clock that does not know the date shows `monotonic`."""
        with self._lock:
            self._go_to(math.ceil((monotonic * 1e9 - self.began) / 1000))
            self._wake()

    def end(self) -> None:
        """Let everybody who still waits wait on in real time."""
        with self._lock:
            self.elapsed()
            self.over = True
            for waiter in self._waiters.values():
                waiter.ring()

    def forked(self) -> None:
        """Begin anew in a child process, with the one thread that it has."""
        self._lock = threading.RLock()
        self._waiters.clear()
        self.party.forked()
        self._worlds = {world.forked(): start for world, start in self._worlds.items()}

    @contextmanager
    def _parked(
        self, waiter: Waiter, thread: threading.Thread, seconds: float | None
    ) -> Iterator[None]:
        key = threading.get_ident()
        with self._lock:
            waiter.frame = sys._getframe(2)
            waiter.thread, waiter.since = thread, self.elapsed()
            if seconds is not None and math.isfinite(seconds):
                waiter.deadline = waiter.since + math.ceil(seconds * SECOND)
            before = self._waiters.get(key)
            self._waiters[key] = waiter
            self.party.join(thread)
        try:
            yield
        finally:
            with self._lock:
                waiter.frame = self._nothing_since = None
                del self._waiters[key]
                if before is not None:
                    self._waiters[key] = before

    def _rest(self, waiter: Waiter) -> None:
        """What is left of a wait when virtual time has ended, as a real one."""
        left = math.inf
        if waiter.deadline is not None:
            left = max(0.0, (waiter.deadline - self._elapsed) / SECOND)
        until = real.monotonic() + left
        while not waiter.heard and (left := until - real.monotonic()) > 0:
            waiter.rest(left)

    def _wake(self) -> bool:
        """Wake those who have heard something or are due; whether there were any."""
        now = self.elapsed()
        any_woken = False
        for source in self.sources:
            any_woken = source.ring(now) or any_woken
        for waiter in self._waiters.values():
            if not waiter.woken:
                waiter.heard = waiter.ready()
                waiter.due = waiter.deadline is not None and waiter.deadline <= now
                if waiter.heard or waiter.due:
                    waiter.ring()
            any_woken = any_woken or waiter.woken
        return any_woken

    def _streamed(self) -> bool:
        """Whether a stream of a world is waited for."""
        return any(world.due() is not None for world in self._worlds)

    def _due(self, held: tuple[Moving, int]) -> int | None:
        world, start = held
        at = world.due()
        return None if at is None else at - start

    def _move(self, moment: int) -> None:
        self._moves += 1
        self._go_to(moment)
        if self._moves > MOST_MOVES:
            self._fail(f"the clock has been moved {MOST_MOVES} times, and the test goes on waiting")

    def _go_to(self, moment: int) -> None:
        self._elapsed = max(self._elapsed, moment)
        for world, start in self._worlds.items():
            world.move_to(start + self._elapsed)

    def _nothing(self) -> None:
        """Nobody waits for a moment to come; if that lasts, the test is told."""
        if self.party.peer:  # it may answer yet, and its client has a limit of its own
            self._nothing_since = None
            return
        now = real.monotonic()
        outside = self.party.served or any(each.outside for each in self._waiters.values())
        if self._nothing_since is None:
            self._nothing_since = now
        elif now - self._nothing_since > (NOTHING_OUTSIDE if outside else NOTHING):
            self._fail("nothing will ever happen again: all wait, and nobody for a moment to come")

    def _fail(self, headline: str) -> None:
        text = story(headline, self._elapsed, list(self._waiters.values()), self.party.unknown())
        main = self._waiters.get(threading.main_thread().ident or 0)
        for waiter in [main] if main is not None else list(self._waiters.values()):
            waiter.failure = StandingStill(text)
            waiter.ring()
