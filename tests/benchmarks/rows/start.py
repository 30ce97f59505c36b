"""From spawning `serve` to its first answer, and the memory it then rests at.

Ours counts as started when it has taken its first task; WireMock already when a static GET is
answered, Prism when it has mocked a POST. WireMock and Prism are started without npx, which
would add a second.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.peers import prism, wiremock
from tests.benchmarks.process import memory_bytes
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import Server, UnavailableError, ours, uvicorn

START = {"WireMock": Budget(0.35)}
MEMORY = {"bare uvicorn": Budget(70, of="ours")}  # our own; said once, beside the smallest
SETTLED = 0.5

Opener = Callable[[], AbstractContextManager[Server]]


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the first answer, then bytes at rest."""

    seconds: float
    rss: int
    pss: int


def _start(opener: Opener) -> Start:
    with opener() as server:
        time.sleep(SETTLED)
        rss, pss = memory_bytes(server.pid), memory_bytes(server.pid, "Pss")
        return Start(server.started, rss, pss)


def _able(schedule: Schedule) -> dict[str, Opener]:
    """Those that start at all; this first start also fills the file cache for the rounds."""
    openers: dict[str, Opener] = {
        "ours": ours,
        "bare uvicorn": lambda: uvicorn("bare"),
        "WireMock": wiremock,
        "Prism": prism,
    }
    _start(openers["ours"])
    able = {}
    for name, opener in openers.items():
        try:
            _start(opener)
        except UnavailableError as missing:
            schedule.note(str(missing))
        else:
            able[name] = opener
    return able


def measure(schedule: Schedule) -> list[Row]:
    """Start everybody in turns."""
    openers = _able(schedule)
    starts: dict[str, list[Start]] = {name: [] for name in openers}
    for _ in range(schedule.starts):
        for name, opener in openers.items():
            starts[name].append(_start(opener))
    shared = median(start.pss for start in starts["ours"]) / 1e6
    schedule.note(f"idle memory is RSS; ours as PSS, with shared pages split: {shared:.3g} MB")
    return [row for name in openers if name != "ours" for row in _rows(name, starts)]


def _rows(name: str, starts: dict[str, list[Start]]) -> list[Row]:
    pairs = list(zip(starts["ours"], starts[name], strict=True))
    mine, other = median(a.seconds for a, _ in pairs), median(b.seconds for _, b in pairs)
    ratio = median(a.seconds / b.seconds for a, b in pairs)
    rss, theirs = median(a.rss for a, _ in pairs), median(b.rss for _, b in pairs)
    return [
        Row("serve to first answer", mine, other, "ms", name, ratio, START.get(name)),
        Row("idle memory", rss, theirs, "MB", name, rss / theirs, MEMORY.get(name)),
    ]
