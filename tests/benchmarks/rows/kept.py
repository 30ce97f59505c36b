"""Keeping many tasks: polls stay as fast, each task stays small, collections stay short.

A small server keeps a thousand tasks; a big one is filled step by step. At each step both are
polled in turns, over ids spread evenly among the tasks of the last step. Then a burst of POSTs
hits the full server (beyond a million it evicts the oldest). The naive mock, one dict for each
task, is the baseline for memory and pauses. The server tunes its garbage collection only under
`serve`, so pauses are taken there, by a callback inside the process (`gcwatch`).
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks import gcwatch
from tests.benchmarks.fill import RefusedError, fill
from tests.benchmarks.load import Sample, drive
from tests.benchmarks.process import memory_bytes
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.rounds import CPU, Contestant, compare, compete
from tests.benchmarks.rows.get import FAST
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import OK, Server, await_success, ours, status, uvicorn
from tests.benchmarks.wire import POST, Request, polls

FLAT = Budget(1.25)
EACH = Budget(1500, of="ours")
PAUSE = Budget(20, of="ours")
BURST = 5
NAIVE = "a dict each"


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping the tasks cost one server."""

    bytes_each: float
    pauses: gcwatch.Pauses
    burst: Sample


@contextmanager
def _watched(opener: Callable[[Path], AbstractContextManager[Server]]) -> Iterator["Keeper"]:
    with tempfile.TemporaryDirectory() as folder:
        watch = Path(folder) / "pauses"
        gcwatch.clear(watch)
        with opener(watch) as server:
            gcwatch.clear(watch)
            yield Keeper(server, watch)


class Keeper:
    """A server that is filled step by step, its memory and its pauses on record."""

    def __init__(self, server: Server, watch: Path) -> None:
        """`watch` is the file that the server's `gcwatch` writes."""
        self.server = server
        self._watch = watch
        self._sizes: list[tuple[int, int]] = []
        self._first: Request | None = None

    def grow(self, level: int) -> list[Request]:
        """Fill up to `level` tasks; answer polls of the new ones. All must still be kept."""
        before = self._sizes[-1][0] if self._sizes else 1  # the one that tried if it is ready
        requests = polls(fill(self.server.port, level - before))
        self._sizes.append((level, memory_bytes(self.server.pid)))
        self._first = self._first or requests[0]
        if status(self.server.port, self._first)[0] != OK:
            message = f"{self.server.name} does not keep {level:,} tasks: the first one is gone"
            raise RefusedError(message)
        return requests

    def kept(self) -> Kept:
        """Add to the full server for a moment, then answer what the whole filling cost."""
        (few, small), *_, (many, large) = self._sizes
        burst = drive(self.server, [POST], BURST)
        return Kept((large - small) / (many - few), gcwatch.read(self._watch), burst)


def measure(schedule: Schedule) -> list[Row]:
    """Fill ours step by step with polls between, then the naive mock in one go."""
    rows = []
    with ExitStack() as stack:
        big = stack.enter_context(_watched(lambda watch: ours(*FAST, watch=watch)))
        small = stack.enter_context(ours(*FAST))
        few = Contestant(small, polls(fill(small.port, schedule.levels[0])))
        for level in schedule.levels:
            requests = big.grow(level)
            await_success(big.server, requests[-1])
            if level > schedule.levels[0]:
                rows.append(_poll_row(level, schedule, few, Contestant(big.server, requests)))
        mine = big.kept()
    with _watched(lambda watch: uvicorn("naive", watch)) as naive:
        for level in (schedule.levels[0], schedule.levels[-1]):
            naive.grow(level)
        theirs = naive.kept()
    return rows + _kept_rows(schedule, mine, theirs)


def _poll_row(level: int, schedule: Schedule, few: Contestant, many: Contestant) -> Row:
    baseline = f"{schedule.levels[0]:,} tasks"
    short = replace(schedule, rounds=3, seconds=2)
    samples = compete({"ours": many, baseline: few}, short)
    return compare(f"GET at {level:,} tasks", CPU, samples, baseline, FLAT)


def _kept_rows(schedule: Schedule, mine: Kept, theirs: Kept) -> list[Row]:
    at = f"{schedule.levels[-1]:,} tasks"
    schedule.note(
        f"longest collection: its CPU time, of {mine.pauses.collections:.0f}; by the wall clock, "
        f"with whatever else ran on this machine, {mine.pauses.longest * 1000:.3g} ms"
    )
    figures = (
        ("memory for each of", "B", mine.bytes_each, theirs.bytes_each, EACH),
        ("longest collection at", "ms", mine.pauses.longest_cpu, theirs.pauses.longest_cpu, PAUSE),
        ("POST: slowest answer at", "ms", mine.burst.slowest, theirs.burst.slowest, None),
    )
    return [
        Row(f"{what} {at}", ours_, naive, unit, NAIVE, ours_ / naive, budget)
        for what, unit, ours_, naive, budget in figures
    ]
