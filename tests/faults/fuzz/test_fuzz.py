"""Whatever bytes the readers are given, they read them or refuse them, and soon."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.faults.scale import rounds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif(
        find_spec("atheris") is None, reason="atheris has no wheel for this Python or machine"
    ),
]

ROOT = Path(__file__).resolve().parents[3]
NAMES = [
    "accept", "bodies", "conditions", "head", "last-event-id", "pages", "ranges", "recordings",
    "scripts",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_bytes_crash_a_reader_or_keep_it_busy(name: str, tmp_path: Path) -> None:
    seconds = rounds(check=8, soak=600)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.fuzz", name, "--seconds", str(seconds)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
