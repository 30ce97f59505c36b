"""The core of other suites holds over a store that blocks, too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow

#: Submit, poll, events, faults, gates, leaving clients, the control plane, files; each door. Not
#: transports/test_streams.py, which steers the world with a plain call from inside the loop.
SUITES = (
    "web/test_idempotency.py",
    "web/test_event_stream.py",
    "web/test_faults.py",
    "web/test_client_left.py",
    "web/test_errors.py",
    "web/test_control.py",
    "web/test_uploads.py",
    "web/test_media.py",
    "web/test_vendor_example.py",
    "transports/test_requests.py",
    "serving/wire/test_leaving.py",
    "plugin/test_gate.py",
)


#: What says how a store in memory is bounded, or that it is one.
OF_MEMORY = ("test_a_full_mock_says_503", "test_health_says_what_is_running")


@pytest.mark.parametrize("store", ["everywhere", "on_redis"])
@pytest.mark.parametrize("suite", SUITES)
def test_the_suite_holds_over_a_store_that_blocks(suite: str, store: str) -> None:
    options = ["-q", "-x", "-p", f"tests.blocking.{store}", "-p", "no:cacheprovider"]
    if store == "on_redis":
        options += ["-k", " and ".join(f"not {name}" for name in OF_MEMORY)]
    command = [sys.executable, "-m", "pytest", *options, f"tests/{suite}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
