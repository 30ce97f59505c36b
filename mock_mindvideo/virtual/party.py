"""Who takes part in a test's time: its threads, those that serve it, and whether they all wait."""

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from weakref import WeakSet

from mock_mindvideo.virtual import real
from mock_mindvideo.virtual.callers import (
    OTHERS,
    module_of,
    package_of,
    serves,
    sleeps,
    works_for_others,
)
from mock_mindvideo.virtual.peers import any_outside, asks_a_peer
from mock_mindvideo.virtual.quiet import Quiet, waits_for_a_lock
from mock_mindvideo.virtual.waiter import Waiter

#: Real seconds after which a blocked thread or loop that waits for a peer is thought idle.
PEER = 1.0


class TimeSource(Protocol):
    """Keeps timers of those whose waits cannot be seen."""

    def due(self) -> int | None:
        """The first moment at which one rings, if any does."""

    def ring(self, now: int) -> bool:
        """Ring those that are due by now; whether there were any."""

    def idle(self, thread: threading.Thread) -> bool:
        """Whether a blocked thread waits for such a timer, and nothing else."""

    def deliver(self) -> None:
        """Do outside of all locks what follows from the last ring."""


class Party:
    """The threads of one timeline.

    `peer` and `served` tell of the last look whether somebody may wait for an answer from outside,
    and whether a server waits for requests.
    """

    def __init__(
        self,
        waiters: Mapping[int, Waiter],
        sources: Sequence[TimeSource],
        streamed: Callable[[], bool],
    ) -> None:
        """Sort the threads that are there: this one takes part, some serve the test.

        Args:
            waiters: who waits, by the identity of its thread; changed by the timeline.
            sources: keepers of timers; more may come.
            streamed: tells whether a stream of a world is waited for.
        """
        self.peer = self.served = False
        self._waiters, self._sources, self._streamed = waiters, sources, streamed
        self._threads: WeakSet[threading.Thread] = WeakSet()
        self._starting: WeakSet[threading.Thread] = WeakSet()
        self._guests: WeakSet[threading.Thread] = WeakSet()
        self._foreign: WeakSet[threading.Thread] = WeakSet()
        self._watchers: WeakSet[threading.Thread] = WeakSet()
        self._mine = threading.local()
        self._quiet = Quiet()
        self._meet_threads()

    def join(self, thread: threading.Thread) -> None:
        """Let a thread take part."""
        self._threads.add(thread)

    def watch(self, thread: threading.Thread) -> None:
        """Let a thread look from time to time, for those who wait in what nobody knows."""
        self._watchers.add(thread)

    def has_me(self) -> bool:
        """Whether the running thread takes part."""
        try:
            return bool(self._mine.virtual)
        except AttributeError:
            self._mine.virtual = threading.current_thread() not in self._foreign
            return bool(self._mine.virtual)

    def start(
        self, thread: threading.Thread, begin: Callable[[], None], *, takes_part: bool
    ) -> None:
        """Begin a thread."""
        (self._threads if takes_part else self._foreign).add(thread)
        self._starting.add(thread)
        try:
            begin()
        except BaseException:
            self._threads.discard(thread)
            raise
        finally:
            self._starting.discard(thread)

    def forked(self) -> None:
        """Begin anew in a child process, with the one thread that it has."""
        self._quiet = Quiet()
        self._threads = WeakSet([threading.current_thread()])
        self._guests = WeakSet()

    def all_wait(self) -> bool:
        """Whether nobody who takes part is doing anything."""
        outside = self.peer = self.served = False
        if self._starting:  # whoever starts a thread waits for it, and seems to be blocked
            return False
        for thread in [*self._threads, *self._guests]:
            waiter = self._waiters.get(thread.ident or 0)
            if not thread.is_alive():
                self._threads.discard(thread)
                self._guests.discard(thread)
            elif waiter is not None:
                outside = outside or waiter.outside
                if waiter.busy():
                    self.peer = True
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
        if any(source.idle(thread) for source in self._sources):
            return True
        frame = sys._current_frames().get(thread.ident or 0)
        if serves(frame):
            self.served = True
            return True
        self.peer = True
        if frame is not None and asks_a_peer(frame) and not self._answer_may_come():
            return True
        return seconds > PEER

    def _answer_may_come(self) -> bool:
        """Whether a peer may be working on an answer, who is not in this process."""
        return not self._streamed() and any_outside()

    def _at_rest(self, thread: threading.Thread) -> bool:
        if thread in self._watchers or not thread.is_alive():
            return True
        if sleeps(sys._current_frames().get(thread.ident or 0)):
            return False  # a server that takes its time
        return self._quiet.seconds(thread) is not None

    def unknown(self) -> list[threading.Thread]:
        """Give those that take part and are not known to wait."""
        return [each for each in self._threads if each.ident not in self._waiters]

    def _meet_threads(self) -> None:
        """Sort the threads that are there: this one takes part, some serve the test."""
        frames = sys._current_frames()
        for thread in threading.enumerate():
            frame = frames.get(thread.ident or 0)
            if thread is threading.current_thread() or thread is threading.main_thread():
                self._threads.add(thread)
                continue
            serves = thread.name.startswith("mock-mindvideo") or works_for_others(thread)
            while frame is not None and not serves:
                own = module_of(frame).startswith("mock_mindvideo.virtual")  # it waits since a test
                serves, frame = package_of(frame) in OTHERS and not own, frame.f_back
            (self._foreign if serves else self._guests).add(thread)
            self._quiet.seconds(thread)
