"""GET a task: what a poll costs beyond bare uvicorn, and against WireMock's static answer.

Ours is asked for a thousand tasks in turn, all of which have succeeded (the longest answer);
bare gets the very same requests; WireMock has one static answer under one path.
"""

from contextlib import ExitStack

from tests.benchmarks.fill import fill
from tests.benchmarks.peers import DEMO
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.rounds import Contestant, compete
from tests.benchmarks.rows.against import BARE, cpu_row, peers, speed_rows
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import await_success, ours, uvicorn
from tests.benchmarks.wire import polls

CPU = Budget(1.6)
TASKS = 1000
FAST = ("--speed", "1000")  # so that tasks end while the benchmark looks on


def measure(schedule: Schedule) -> list[Row]:
    """Poll ended tasks."""
    with ExitStack() as stack:
        mine = stack.enter_context(ours(*FAST))
        bare = stack.enter_context(uvicorn("bare"))
        requests = polls(fill(mine.port, TASKS))
        await_success(mine, requests[-1])
        contestants = {"ours": Contestant(mine, requests), BARE: Contestant(bare, requests)}
        for name, server in peers(schedule, stack).items():
            contestants[name] = Contestant(server, DEMO)
        samples = compete(contestants, schedule)
    schedule.note("GET: of tasks that have succeeded, the longest answer")
    return [cpu_row("GET", samples, CPU), *speed_rows("GET", samples, None)]
