"""The time of a test: what its clocks show, who waits, and when it moves on.

It moves when everybody who takes part waits, to the nearest moment at which one of them wakes.
Moments are microseconds since it began.
"""

import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakSet

from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.callers import (
    OTHERS,
    module_of,
    package_of,
    serves,
    sleeps,
    waits_really,
)
from mock_mindvideo.virtual.peers import any_outside, asks_a_peer
from mock_mindvideo.virtual.quiet import Quiet, waits_for_a_lock
from mock_mindvideo.virtual.story import story
from mock_mindvideo.virtual.waiter import Waiter

SECOND = 1_000_000

#: Real seconds between two looks of somebody who waits: short at first, for those who run.
FIRST, LONGEST = 0.0002, 0.005

#: Real seconds after which a blocked thread or loop that waits for a peer is thought idle.
PEER = 1.0

#: Real seconds of nothing after which nothing will happen, and the same where sockets are open.
NOTHING, NOTHING_OUTSIDE = 0.25, 5.0

#: Readings of a clock without a wait after which a program is thought to wait by reading it.
MOST_READS = 10_000

#: Moves of one test after which it is thought to go round in circles.
MOST_MOVES = 200_000


class StandingStill(BaseException):
    """Nothing will ever happen again in the test's virtual time; the message says who waits.

    Not an Exception, so that a loop which survives every error does not survive this one.
    """


class Moving(Protocol):
    """A world whose time is the timeline's; `now` in microseconds since 1970."""

    def now(self) -> int:
        """Its time."""

    def move_to(self, now: int) -> None:
        """Move it on; never back."""

    def due(self) -> int | None:
        """When its next event is due, if anybody outside this process's threads waits for one."""

    def forked(self) -> "Moving":
        """The same world as a child process reaches it."""


class TimeSource(Protocol):
    """Keeps timers of those whose waits cannot be seen."""

    def due(self) -> int | None:
        """The first moment at which one rings, if any does."""

    def ring(self, now: int) -> bool:
        """Ring those that are due by now; whether there were any."""

    def idle(self, thread: threading.Thread) -> bool:
        """Whether a blocked thread waits for such a timer, and nothing else."""


class Timeline:
    """One test's time. Safe to use from any thread."""

    def __init__(self) -> None:
        self.over = False
        self.naps: list[float] = []
        self._since_1970: int = real.time.time_ns() // 1000
        self.sources: list[TimeSource] = []
        self.began: int = real.time.monotonic_ns()
        self._lock = threading.RLock()
        self._worlds: dict[Moving, int] = {}
        self._elapsed = 0
        self._moves = 0
        self._reads = 0
        self._spinning: tuple[int, int] | None = None
        self._nothing_since: float | None = None
        self._waiters: dict[int, Waiter] = {}
        self._threads: WeakSet[threading.Thread] = WeakSet()
        self._starting: WeakSet[threading.Thread] = WeakSet()
        self._guests: WeakSet[threading.Thread] = WeakSet()
        self._foreign: WeakSet[threading.Thread] = WeakSet()
        self._watchers: WeakSet[threading.Thread] = WeakSet()
        self._mine = threading.local()
        self._peer = self._served = False
        self._quiet = Quiet()
        self._meet_threads()

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

    def watch(self, thread: threading.Thread) -> None:
        """Let a thread look from time to time, for those who wait in what nobody knows."""
        self._watchers.add(thread)

    def virtual(self) -> bool:
        """Whether the running thread takes part."""
        try:
            return bool(self._mine.virtual) and not self.over
        except AttributeError:
            self._mine.virtual = threading.current_thread() not in self._foreign
            return self._mine.virtual and not self.over

    def start(self, thread: threading.Thread, begin: Callable[[], None]) -> None:
        """Begin a thread; it takes part if the one that begins it does, and serves no test."""
        mine = self.virtual() and not waits_really(2)
        (self._threads if mine else self._foreign).add(thread)
        self._starting.add(thread)
        try:
            begin()
        except BaseException:
            self._threads.discard(thread)
            raise
        finally:
            self._starting.discard(thread)

    def sleep(self, seconds: float, what: str = "sleep") -> None:
        """Wait for so many seconds."""
        self.wait(seconds, Waiter(None, what))

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
        with self._lock:
            if self.over or self._wake() or not self._all_wait():
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
        self._waiters = {}
        self._quiet = Quiet()
        self._worlds = {world.forked(): start for world, start in self._worlds.items()}
        self._threads = WeakSet([threading.current_thread()])
        self._guests = WeakSet()

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
            self._threads.add(thread)
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

    def _all_wait(self) -> bool:
        """Whether nobody who takes part is doing anything."""
        outside = self._peer = self._served = False
        for thread in [*self._threads, *self._guests]:
            waiter = self._waiters.get(thread.ident or 0)
            if thread in self._starting:
                return False
            if not thread.is_alive():
                self._threads.discard(thread)
                self._guests.discard(thread)
            elif waiter is not None:
                outside = outside or waiter.outside
                if waiter.busy():
                    self._peer = True
                    if real.monotonic() - waiter.parked < PEER and self._answer_may_come():
                        return False
            elif not self._blocked(thread):
                return False
            else:
                outside = True
        return not outside or all(map(self._at_rest, list(self._foreign)))

    def _blocked(self, thread: threading.Thread) -> bool:
        """Whether a thread that is not known to wait does so, as far as can be seen."""
        if (seconds := self._quiet.seconds(thread)) is None:
            return False
        if thread in self._guests or waits_for_a_lock(thread):
            return True
        if any(source.idle(thread) for source in self.sources):
            return True
        frame = sys._current_frames().get(thread.ident or 0)
        if serves(frame):
            self._served = True
            return True
        self._peer = True
        if frame is not None and asks_a_peer(frame) and not self._answer_may_come():
            return True
        return seconds > PEER

    def _answer_may_come(self) -> bool:
        """Whether a peer may be working on an answer, who is not in this process."""
        if any(world.due() is not None for world in self._worlds):
            return False  # a stream of a world is what is waited for
        return any_outside()

    def _at_rest(self, thread: threading.Thread) -> bool:
        if thread in self._watchers or not thread.is_alive():
            return True
        if sleeps(sys._current_frames().get(thread.ident or 0)):
            return False  # a server that takes its time
        return self._quiet.seconds(thread) is not None

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
        if self._peer:  # it may answer yet, and its client has a limit of its own
            self._nothing_since = None
            return
        now = real.monotonic()
        outside = self._served or any(each.outside for each in self._waiters.values())
        if self._nothing_since is None:
            self._nothing_since = now
        elif now - self._nothing_since > (NOTHING_OUTSIDE if outside else NOTHING):
            self._fail("nothing will ever happen again: all wait, and nobody for a moment to come")

    def _fail(self, headline: str) -> None:
        text = story(headline, self._elapsed, list(self._waiters.values()), self._unknown())
        main = self._waiters.get(threading.main_thread().ident or 0)
        for waiter in [main] if main is not None else list(self._waiters.values()):
            waiter.failure = StandingStill(text)
            waiter.ring()

    def _unknown(self) -> list[threading.Thread]:
        return [each for each in self._threads if each.ident not in self._waiters]

    def _meet_threads(self) -> None:
        """Sort the threads that are there: this one takes part, some serve the test."""
        frames = sys._current_frames()
        for thread in threading.enumerate():
            frame = frames.get(thread.ident or 0)
            if thread is threading.current_thread() or thread is threading.main_thread():
                self._threads.add(thread)
                continue
            serves = thread.name.startswith("mock-mindvideo")
            while frame is not None and not serves:
                own = module_of(frame).startswith("mock_mindvideo.virtual")  # it waits since a test
                serves, frame = package_of(frame) in OTHERS and not own, frame.f_back
            (self._foreign if serves else self._guests).add(thread)
            self._quiet.seconds(thread)
