"""`python -m tests.benchmarks`: measure, print one table of ratios, say what was left out.

Exit code 1 when a measured budget is missed or our own server fails, 2 when nothing can be
measured on this machine, else 0. A peer that is not installed is said, and costs nothing.
"""

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.fill import RefusedError
from tests.benchmarks.load import LoadFailedError
from tests.benchmarks.process import Neighbours
from tests.benchmarks.report import Row, as_json, table
from tests.benchmarks.rows import ROWS
from tests.benchmarks.schedule import Schedule
from tests.benchmarks.servers import UnavailableError

DISTURBED = "; beyond a few percent, requests/s and p99 are not to be trusted"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ROWS, metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, 10^5 kept tasks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    return parser.parse_args()


def _measure(names: list[str], schedule: Schedule) -> list[Row]:
    rows = []
    for name in names:
        sys.stderr.write(f"measuring {name} …\n")
        try:
            rows += ROWS[name](schedule)
        except (LoadFailedError, RefusedError, UnavailableError) as failure:
            schedule.failures.append(f"{name} could not be measured: {failure}")
    return rows


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "uvloop", "httptools"))
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {packages}"


def main() -> int:
    """Measure, report, answer the exit code."""
    arguments = _arguments()
    if reason := load.missing():
        sys.stderr.write(f"{reason}\n")
        return 2
    schedule = Schedule.quick() if arguments.quick else Schedule()
    schedule.note(_machine())
    neighbours = Neighbours()
    rows = _measure(arguments.only or list(ROWS), schedule)
    schedule.note(
        f"other processes took {neighbours.share():.0%} of the machine meanwhile{DISTURBED}"
    )
    notes = "".join(f"- {note}\n" for note in schedule.notes + schedule.failures)
    sys.stdout.write(f"\n{table(rows)}\n\n{notes}")
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(rows, schedule.notes), indent=2))
    missed = any(row.met is False for row in rows)
    return 1 if missed or schedule.failures else 0


if __name__ == "__main__":
    sys.exit(main())
