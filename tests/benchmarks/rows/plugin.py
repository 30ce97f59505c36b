"""What the pytest plugin costs: a test with each fixture beside its peer, and a suite without.

Every figure of a test is the median over a suite's tests after the first few, its fixture, its
two calls and all hooks included. The suites take turns.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Budget, Row
from tests.benchmarks.servers import UnavailableError
from tests.benchmarks.suites.calls import WARM

SUITES = Path(__file__).parents[1] / "suites"
ROOT = Path(__file__).parents[3]

#: Ours, the peer's, the peer's name, and what it needs installed.
PAIRS = (
    ("a test with mindvideo", "in_process", "with_respx", "respx", "respx"),
    ("a test with mindvideo_live", "live", "with_httpserver", "pytest-httpserver",
     "pytest_httpserver"),
)  # fmt: skip
AT_MOST = Budget(1)
UNUSED = Budget(5, of="ours")

#: Plugins that neither side needs, so that their noise is not measured.
WITHOUT = ("randomly", "xdist", "asyncio", "anyio", "cacheprovider", "timeout", "schemathesis")


def measure(plan: Plan) -> list[Row]:
    """Run the suites in turns."""
    rows = []
    for what, ours, theirs, peer, needs in PAIRS:
        if find_spec(needs) is None:
            plan.note(f"no {peer}: it is not installed")
            continue
        mine, other = [], []
        for _ in range(plan.rounds):
            mine.append(_a_test(ours))
            other.append(_a_test(theirs))
        ratio = median(a / b for a, b in zip(mine, other, strict=True))
        rows.append(Row(what, median(mine), median(other), "ms", peer, ratio, AT_MOST))
    return [*rows, _unused(plan)]


def _unused(plan: Plan) -> Row:
    """CPU time of a run that has the plugin and does not use it, over one that has it not.

    No other plugin is loaded, and the least of many runs counts: it is a few milliseconds in
    hundreds, and whatever disturbs a run only adds to it.
    """
    with_it, without = [], []
    for _ in range(6 * plan.rounds):
        with_it.append(_cpu("-p", "mock_mindvideo.pytest_plugin"))
        without.append(_cpu())
    added = max(0.0, min(with_it) - min(without))
    ratio = min(with_it) / min(without)
    return Row("the plugin, unused, a run", added, min(without), "ms", "without it", ratio, UNUSED)


def _a_test(suite: str) -> float:
    seconds = json.loads(_run(suite, "-p", "tests.benchmarks.suites.timing").partition("TIMES ")[2])
    return median(seconds[WARM:])


def _cpu(*arguments: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    _run("nothing", *arguments, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _run(suite: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    absent = [f"-pno:{name}" for name in WITHOUT]
    quiet = ["-q", "-c", os.devnull, "--rootdir", str(ROOT), "-s"]
    command = [sys.executable, "-m", "pytest", *quiet, *absent, *arguments]
    done = subprocess.run(
        [*command, str(SUITES / f"{suite}.py")],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        said = done.stdout[-500:] + done.stderr[-500:]
        raise UnavailableError(f"the suite {suite} failed: {said}")
    return done.stdout
