"""Rounds: every contestant once in each, so that all of them see the same machine.

A busy neighbour or a warm processor then moves both sides of a ratio, and the median of the
rounds' ratios drops the round it moved only one of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.load import Sample, drive, warm_up
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import Server
from tests.benchmarks.wire import Request


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sample, with the name and the unit it is shown by."""

    name: str
    unit: str
    of: Callable[[Sample], float]


CPU = Figure("CPU each", "µs", lambda sample: sample.cpu / sample.requests)
RATE = Figure("requests/s", "/s", lambda sample: sample.requests / sample.seconds)
P99 = Figure("p99", "ms", lambda sample: sample.p99)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server and the requests it gets."""

    server: Server
    requests: Sequence[Request]


def compete(contestants: Mapping[str, Contestant], schedule: Schedule) -> dict[str, list[Sample]]:
    """Warm all of them up, then measure them in turns, every other round in reverse order."""
    samples: dict[str, list[Sample]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        warm_up(contestant.server, contestant.requests)
    order = list(contestants)
    for _ in range(schedule.rounds):
        for name in order:
            contestant = contestants[name]
            samples[name].append(drive(contestant.server, contestant.requests, schedule.seconds))
        order.reverse()
    return samples


def compare(
    what: str,
    figure: Figure,
    samples: Mapping[str, Sequence[Sample]],
    against: str,
    budget: Budget | None = None,
) -> Row:
    """The row for one figure of the samples: medians, and the median of the rounds' ratios."""
    mine = [figure.of(sample) for sample in samples["ours"]]
    theirs = [figure.of(sample) for sample in samples[against]]
    ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
    title = f"{what}: {figure.name}"
    return Row(title, median(mine), median(theirs), figure.unit, against, ratio, budget)
