"""The rows that POST and GET have in common: CPU beside bare, speed beside the peers."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from tests.benchmarks.load import Sample
from tests.benchmarks.peers import FORGETFUL, prism, wiremock, wiremock_without_journal
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.rounds import CPU, P99, RATE, compare
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import Server

BARE = "bare uvicorn"
AS_FAST = Budget(1, "≥")

Samples = Mapping[str, Sequence[Sample]]


def peers(schedule: Schedule, stack: ExitStack) -> dict[str, Server]:
    """Those that this machine can run, by name."""
    invited = {}
    for peer in (wiremock, wiremock_without_journal, prism):
        invited |= schedule.invite(stack, peer)
    return invited


def cpu_row(what: str, samples: Samples, budget: Budget | None) -> Row:
    """Our CPU time for each request, beside that of bare uvicorn."""
    return compare(what, CPU, samples, BARE, budget)


def speed_rows(what: str, samples: Samples, p99: Budget | None) -> list[Row]:
    """Requests a second and p99 beside WireMock; for information beside the other peers."""
    columns = [(RATE, AS_FAST), (P99, p99), (CPU, None)]
    rows = []
    for peer, budgeted in (("WireMock", True), (FORGETFUL, False), ("Prism", False)):
        if peer in samples:
            rows += [
                compare(what, figure, samples, peer, budget if budgeted else None)
                for figure, budget in columns
            ]
    return rows
