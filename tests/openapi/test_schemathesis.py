"""Schemathesis finds no answer of the running server that the document does not promise."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from tests.platform.dialects import folder_for

#: Cases for each operation and phase; a run of all checks takes about half a minute.
EXAMPLES = 150

#: Streams end by themselves where polls move time; a request that hangs is a failure.
CONFIGURATION = """
[warnings]
fail-on = ["missing_auth", "missing_deserializer", "validation_mismatch", "method_not_allowed"]
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """Where Schemathesis finds how to run, and leaves what it writes."""
    file = tmp_path / "schemathesis.toml"
    file.write_text(CONFIGURATION)
    return file


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("schemathesis") is None, reason="Schemathesis is not installed"
    ),
]


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_schemathesis_finds_nothing(server_url: str, configuration: Path, accept: str) -> None:
    """All checks, all phases: examples, boundary values, random ones, and calls in a row."""
    told = run_all(server_url, configuration, accept, EXAMPLES)
    assert re.search(r"API Links: +3 covered / 3 selected", told), told


def test_schemathesis_finds_nothing_where_a_dialect_adds_to_the_api(
    configuration: Path, tmp_path: Path
) -> None:
    """With statuses as shipped; it takes 400 for a state that is too late to be a wrong request."""
    folder = folder_for("extensions", tmp_path / "dialect")
    settings = Settings(port=0, progress="polls", schemas=(folder,), log_level="critical")
    with MockServer(settings) as server:
        run_all(server.url, configuration, "application/json", EXAMPLES // 5)


def run_all(server_url: str, configuration: Path, accept: str, examples: int) -> str:
    """What Schemathesis tells of a run in which it finds nothing."""
    run = [sys.executable, "-m", "schemathesis.cli"]
    run += ["--config-file", str(configuration), "run", f"{server_url}/_mock/openapi.json"]
    run += ["--header", f"Authorization: Bearer {DOCUMENTED_KEY}", "--header", f"Accept: {accept}"]
    run += ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"]
    run += ["--max-examples", str(examples), "--seed", "7", "--continue-on-failure", "--no-color"]
    done = subprocess.run(
        run,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
        cwd=configuration.parent,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
