"""POST the vendor's example: what a task costs beyond bare uvicorn, and against WireMock.

Each request has a fresh Idempotency-Key, as the vendor's page has it. Two more rows show the same
without a key, and with another prompt in each request, so that none is remembered. Each of the
three has a server of its own: one that is full drops a task for each new one. WireMock
checks the same JSON Schema and answers a constant. Our server runs with its defaults
(`--progress time`, memory store, journal on).
"""

from contextlib import ExitStack

from tests.benchmarks.load import Sample
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.rounds import Contestant, compete
from tests.benchmarks.rows.against import BARE, cpu_row, peers, speed_rows
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import ours, uvicorn
from tests.benchmarks.wire import POST, POST_OTHER_PROMPT, POST_WITHOUT_KEY, Request

CPU = Budget(2.2)
P99 = Budget(1)


def measure(schedule: Schedule) -> list[Row]:
    """The vendor's example against everybody, its variants against bare uvicorn."""
    with ExitStack() as stack:
        python = {"ours": stack.enter_context(ours()), BARE: stack.enter_context(uvicorn("bare"))}
        everybody = python | peers(schedule, stack)
        keyed = compete({name: Contestant(it, [POST]) for name, it in everybody.items()}, schedule)
    plain, other = (_beside_bare(each, schedule) for each in (POST_WITHOUT_KEY, POST_OTHER_PROMPT))
    schedule.note("POST: the vendor's example with a fresh Idempotency-Key each time")
    return [
        cpu_row("POST", keyed, CPU),
        *speed_rows("POST", keyed, P99),
        cpu_row("POST without a key", plain, CPU),
        cpu_row("POST, another prompt each", other, CPU),
    ]


def _beside_bare(request: Request, schedule: Schedule) -> dict[str, list[Sample]]:
    """Our server and bare uvicorn under one kind of request."""
    with ours() as mock, uvicorn("bare") as bare:
        return compete(
            {"ours": Contestant(mock, [request]), BARE: Contestant(bare, [request])}, schedule
        )
