"""POST the vendor's example: what a task costs beyond bare uvicorn, and against WireMock.

Each request has a fresh Idempotency-Key, as the vendor's page has it; a last row shows the same
without. WireMock checks the same JSON Schema and answers a constant. Our server runs with its
defaults (`--progress time`, memory store, journal on).
"""

from contextlib import ExitStack

from tests.benchmarks.peers import prism, wiremock
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.rounds import Contestant, compete
from tests.benchmarks.rows.against import BARE, cpu_row, speed_rows
from tests.benchmarks.servers import ours, uvicorn
from tests.benchmarks.wire import POST, POST_WITHOUT_KEY

CPU = Budget(2.2)
P99 = Budget(1)


def measure(plan: Plan) -> list[Row]:
    """With a key against everybody, without one against bare uvicorn."""
    with ExitStack() as stack:
        python = {"ours": stack.enter_context(ours()), BARE: stack.enter_context(uvicorn("bare"))}
        servers = python | plan.invite(stack, wiremock) | plan.invite(stack, prism)
        keyed = compete({name: Contestant(it, [POST]) for name, it in servers.items()}, plan)
        plain = compete(
            {name: Contestant(it, [POST_WITHOUT_KEY]) for name, it in python.items()}, plan
        )
    plan.note("POST: the vendor's example with a fresh Idempotency-Key each time")
    return [
        cpu_row("POST", keyed, CPU),
        *speed_rows("POST", keyed, P99),
        cpu_row("POST without a key", plain, CPU),
    ]
