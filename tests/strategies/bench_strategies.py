"""Speed beside hypothesis-jsonschema 0.23.1, on the vendor's schema, in one run.

`python -m tests.strategies.bench_strategies` prints examples a second and the ratios. The rival
runs in a virtual environment of its own under `.build/`, with the newest Hypothesis that it still
works with: 6.170.10 took away a method of Hypothesis' internals that it calls. Rounds alternate, so
that a busy machine slows both; the median counts. Ready is in CPU time for the same reason. No
health check is suppressed on either side.
"""

import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from mock_mindvideo.catalog import builtin_catalog

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".build" / "hypothesis-jsonschema"
RIVAL = ["hypothesis-jsonschema==0.23.1", "hypothesis==6.170.9"]
EXAMPLES = 1_000
ROUNDS = 5
AT_LEAST = 3.0  # times the rival's examples a second
READY = 0.050  # s of CPU, both strategies together

TIMED = f"""
import json, sys, time
from hypothesis import Phase, given, settings
count = 0
@settings(max_examples={EXAMPLES}, database=None, deadline=None, phases=[Phase.generate])
@given(strategy)
def run(value):
    global count
    count += 1
began = time.perf_counter()
run()
print(json.dumps([ready, count / (time.perf_counter() - began)]))
"""

# One throw-away draw first: Hypothesis builds its table of characters once, which nobody counts.
WARM = """
from hypothesis import find, strategies as st
find(st.text(), lambda _: True)
import time
"""

THEIRS = f"""{WARM}
import json, sys
from hypothesis_jsonschema import from_schema
schema = json.load(open(sys.argv[1]))
began = time.process_time()
strategy = from_schema(schema)
strategy.validate()
ready = time.process_time() - began
{TIMED}"""

OURS = f"""{WARM}
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.strategies import invalid_inputs, valid_inputs
builtin_catalog()
began = time.process_time()
strategies = [valid_inputs(), invalid_inputs()]
for each in strategies:
    each.validate()
ready = time.process_time() - began
import sys
strategy = strategies[sys.argv[1] == "invalid"]
{TIMED}"""


def rival() -> Path:
    """The rival's interpreter; its environment is made if it is not there yet."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *RIVAL], check=True)
    return python


def run(python: Path | str, program: str, argument: str) -> tuple[float, float]:
    """Seconds until ready, and examples a second, of one run in a process of its own."""
    called = [str(python), "-c", program, argument]
    done = subprocess.run(called, check=True, capture_output=True, text=True, cwd=ROOT)
    ready, speed = json.loads(done.stdout)
    return ready, speed


def rounds() -> Iterator[dict[str, tuple[float, float]]]:
    """One measurement of each, several times over."""
    schema = builtin_catalog().model("wan2-7-r2v").rules[0].file
    for _ in range(ROUNDS):
        yield {
            "from_schema": run(rival(), THEIRS, str(schema)),
            "valid_inputs": run(sys.executable, OURS, "valid"),
            "invalid_inputs": run(sys.executable, OURS, "invalid"),
        }


def main() -> int:
    """Measure, print, and say by the exit code whether the budgets hold."""
    began = time.monotonic()
    measured = list(rounds())
    theirs = median(each["from_schema"][1] for each in measured)
    kept = True
    for name in measured[0]:
        ready = median(each[name][0] for each in measured)
        speed = median(each[name][1] for each in measured)
        ratio = median(each[name][1] / each["from_schema"][1] for each in measured)
        print(f"{name:15} {speed:7.0f} examples/s  {ratio:5.2f} x  ready in {ready * 1000:6.1f} ms")
        kept &= name == "from_schema" or (ratio >= AT_LEAST and ready <= READY)
    print(f"rival: {', '.join(RIVAL)} at {theirs:.0f}/s; took {time.monotonic() - began:.0f} s")
    print("budgets kept" if kept else f"OVER BUDGET: {AT_LEAST} x, {READY * 1000:.0f} ms")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
