"""A poll beside a flood: how much longer somebody waits while another world floods the server.

Over each store the same client polls with nobody else there, and then beside 200 connections on
each of which somebody polls as soon as it is answered.
"""

from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Budget, Row
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import ours
from tests.faults.beside import CONNECTIONS, FLOOD, STORES, VICTIM, options, submitted
from tests.faults.flooding import flooded
from tests.faults.worked import Bystander, Polls

#: How much longer a poll may take.
FAIR = Budget(3)

#: Polls in each second of a round.
POLLS = 150


def measure(schedule: Schedule) -> list[Row]:
    """Poll alone and beside a flood, over each store."""
    schedule.note(f"flood: polls on {CONNECTIONS} connections, as fast as they are answered")
    return [row for store in STORES for row in _rows(store, schedule)]


def _rows(store: str, schedule: Schedule) -> list[Row]:
    rounds = _rounds(store, schedule)
    return [
        _row(f"a poll, {store}: the server's work", "µs", [_each(r, "worked") for r in rounds]),
        _row(f"a poll, {store}: p99", "ms", [_each(r, "p99") for r in rounds]),
    ]


def _rounds(store: str, schedule: Schedule) -> list[tuple[Polls, Polls]]:
    """Alone and beside a flood, in turns."""
    number = POLLS * schedule.seconds
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(ours(*stack.enter_context(options(store, folder))))
        flood, victim = (submitted(server.port, key) for key in (FLOOD, VICTIM))
        bystander = stack.enter_context(closing(Bystander(server.port, VICTIM, victim)))
        rounds = []
        for _ in range(schedule.rounds):
            alone = bystander.polls(server.pid, number)
            with flooded(server.port, FLOOD, flood, CONNECTIONS):
                rounds.append((alone, bystander.polls(server.pid, number)))
    return rounds


def _each(found: tuple[Polls, Polls], name: str) -> tuple[float, float]:
    alone, beside = (getattr(each, name) for each in found)
    return alone, beside


def _row(what: str, unit: str, rounds: list[tuple[float, float]]) -> Row:
    ratio = median(beside / alone for alone, beside in rounds)
    alone, beside = (median(each) for each in zip(*rounds, strict=True))
    return Row(what, beside, alone, unit, "nobody else there", ratio, FAIR)
