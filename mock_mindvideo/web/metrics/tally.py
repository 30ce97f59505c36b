"""How many requests were answered how, and how fast: what one process saw, in plain numbers.

Counting is part of each request, so it is an addition and no more; what is told is made of it when
somebody asks. Labels are few by construction: endpoints, statuses and words of scripts.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

#: Upper bounds of the buckets of a duration, in seconds.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Durations:
    """Requests by how long they took; the last count is of those beyond all BUCKETS."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def add(self, other: "Durations") -> None:
        self.counts = [a + b for a, b in zip(self.counts, other.counts, strict=True)]
        self.seconds += other.seconds


class Tally:
    """Counts answers by endpoint and status (0: none was given), and faults by their words.

    `operations` are what was asked of the store, by name.
    """

    def __init__(self) -> None:
        self.operations: dict[str, Durations] = {}
        self._lock = Lock()
        self.answers: dict[tuple[str, int], Durations] = {}
        self.faults: Counter[str] = Counter()
        self.changes = 0

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one more answer."""
        durations = self.answers.get((endpoint, status))
        if durations is None:
            durations = self.answers[endpoint, status] = Durations()
        durations.counts[bisect_left(BUCKETS, seconds)] += 1
        durations.seconds += seconds
        self.changes += 1

    def stored(self, operation: str, seconds: float) -> None:
        """One more operation of the store; from any thread."""
        place = bisect_left(BUCKETS, seconds)
        with self._lock:
            durations = self.operations.get(operation)
            if durations is None:
                durations = self.operations[operation] = Durations()
            durations.counts[place] += 1
            durations.seconds += seconds
            self.changes += 1

    def disturbed(self, words: Iterable[str]) -> None:
        """One more answer that a script's words disturbed."""
        self.faults.update(words)

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it, for `from_plain`."""
        answers = [[*key, each.counts, each.seconds] for key, each in self.answers.items()]
        with self._lock:
            operations = [
                [name, each.counts, each.seconds] for name, each in self.operations.items()
            ]
        return {"answers": answers, "operations": operations, "faults": dict(self.faults)}


def from_plain(plain: dict[str, Any]) -> Tally:
    """What `plain` has written."""
    tally = Tally()
    for endpoint, status, counts, seconds in plain["answers"]:
        tally.answers[endpoint, status] = Durations(counts, seconds)
    for operation, counts, seconds in plain["operations"]:
        tally.operations[operation] = Durations(counts, seconds)
    tally.faults.update(plain["faults"])
    return tally


def total(tallies: Iterable[Tally]) -> Tally:
    """All tallies added up."""
    found = Tally()
    for tally in tallies:
        for key, each in tally.answers.items():
            found.answers.setdefault(key, Durations()).add(each)
        for operation, each in list(tally.operations.items()):
            found.operations.setdefault(operation, Durations()).add(each)
        found.faults.update(tally.faults)
    return found
