"""What the pytest plugin costs: a test with each fixture beside its peer, and a suite without.

Every figure of a test is the median over a suite's tests after the first few, its fixture, its
two calls and all hooks included. What is used once is counted by itself, and with everything else
in the CPU time of a whole run. The suites take turns.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.report import Budget, Row
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import UnavailableError, compiled
from tests.benchmarks.suites.calls import REPEAT, WARM

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
FIRST = Budget(100, of="ours")

#: pytest without this project's configuration, its output left alone.
QUIET = ("-q", "-c", os.devnull, "--rootdir", str(ROOT), "-s")

#: Plugins that neither side needs, so that their noise is not measured.
WITHOUT = ("randomly", "xdist", "asyncio", "anyio", "cacheprovider", "timeout", "schemathesis")


def measure(schedule: Schedule) -> list[Row]:
    """Run the suites in turns."""
    rows = []
    for what, ours, theirs, peer, needs in PAIRS:
        if find_spec(needs) is None:
            schedule.note(f"no {peer}: it is not installed")
            continue
        mine, other = [], []
        for _ in range(schedule.rounds):
            mine.append(_a_test(ours))
            other.append(_a_test(theirs))
        ratio = median(a / b for a, b in zip(mine, other, strict=True))
        rows.append(Row(what, median(mine), median(other), "ms", peer, ratio, AT_MOST))
    if find_spec("respx") is not None:
        rows += [_first_use(schedule), _everything(schedule)]
    return [*rows, _unused(schedule)]


def _first_use(schedule: Schedule) -> Row:
    """CPU time of the first use in a process, the least of several: see `suites/first_use.py`."""
    module, rounds = "tests.benchmarks.suites.first_use", range(2 * schedule.rounds)
    taken = [(_said(module, "mock_mindvideo"), _said(module, "respx")) for _ in rounds]
    mine, other = (min(side) for side in zip(*taken, strict=True))
    return Row("first use", mine, other, "ms", "respx", mine / other, FIRST)


def _everything(schedule: Schedule) -> Row:
    """CPU time of a whole run of pytest with one plugin alone, from its start to its end."""
    taken = [
        (_whole("mock_mindvideo.pytest_plugin", "in_process"), _whole("respx.plugin", "with_respx"))
        for _ in range(schedule.rounds)
    ]
    ratio = median(a / b for a, b in taken)
    mine, other = (median(side) for side in zip(*taken, strict=True))
    return Row(f"{len(REPEAT)} tests, everything", mine, other, "ms", "respx", ratio, AT_MOST)


def _whole(plugin: str, suite: str) -> float:
    before = os.times()
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    _run("pytest", *QUIET, "-p", plugin, str(SUITES / f"{suite}.py"), env=alone)
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system


def _unused(schedule: Schedule) -> Row:
    """CPU time that the plugin adds to a run which does not use it: see `suites/unused.py`."""
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    taken = [_times("tests.benchmarks.suites.unused", env=alone) for _ in range(schedule.rounds)]
    added = max(0.0, median(each["added"] for each in taken))
    without = median(each["without"] for each in taken)
    ratio = (without + added) / without
    return Row("the plugin, unused, a run", added, without, "ms", "without it", ratio, UNUSED)


def _a_test(suite: str) -> float:
    timing = ("-p", "tests.benchmarks.suites.timing", str(SUITES / f"{suite}.py"))
    seconds: list[float] = _times("pytest", *timing)
    return median(seconds[WARM:])


def _times(module: str, *arguments: str, env: dict[str, str] | None = None) -> Any:
    """What a run of `module` with pytest's `arguments` prints behind TIMES."""
    absent = [f"-pno:{name}" for name in WITHOUT]
    return _said(module, *QUIET, *absent, *arguments, env=env)


def _said(module: str, *arguments: str, env: dict[str, str] | None = None) -> Any:
    done = _run(module, *arguments, env=env)
    return json.loads(done.rpartition("TIMES ")[2].partition("\n")[0])


def _run(module: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What a process that runs `module` prints; raises UnavailableError."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=env or compiled(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        said = done.stdout[-500:] + done.stderr[-500:]
        raise UnavailableError(f"{module} {' '.join(arguments)} failed: {said}")
    return done.stdout
