"""The loop as a person turns it, with commands and sockets: record, learn, serve, verify, check."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.honest import Honest, Ways, listening
from tests.faults.serving import Server
from tests.learning.test_record import recording

WAYS = Ways(
    created=202, looked=202, extras=True, errors="problem", events="object", price_720p=0.08
)


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: each for name, each in os.environ.items() if name != "GITHUB_ACTIONS"}
    return subprocess.run(
        [sys.executable, "-m", "mock_mindvideo", *words],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
        check=False,
    )


@pytest.mark.slow
def test_a_recorded_api_is_served_again_and_verified(tmp_path: Path) -> None:
    with recording(Honest(WAYS), tmp_path, spend="100") as recorder:
        first = command("verify", "--base-url", recorder.url, "--max-spend", "100", "--json")
        recorder.end()
    assert first.returncode == 0, first.stderr
    folder = str(tmp_path / "learned")
    learned = command("learn", str(recorder.file), "--write", folder)
    assert learned.returncode == 0, learned.stderr
    checked = command("check-traffic", str(recorder.file), "--schemas", folder, "--json")
    faults = json.loads(checked.stdout)["files"][0]["faults"]
    assert [each for each in faults if each["side"] in ("answer", "history")] == []
    server = Server(tmp_path, "--schemas", folder, "--progress", "polls")
    try:
        served = command(
            "verify", "--base-url", f"http://127.0.0.1:{server.port}", "--schemas", folder, "--json"
        )
    finally:
        server.stop()
    with listening(Honest(WAYS)) as url:
        real = command(
            "verify", "--base-url", url, "--schemas", folder, "--max-spend", "100", "--json"
        )
    assert served.returncode == real.returncode == 0
    assert facts(real) - facts(served) <= {"X10", "X11", "X13"}
    assert facts(real) < facts(first)


def facts(done: "subprocess.CompletedProcess[str]") -> set[str]:
    """The rows that findings are told under."""
    return {
        fact["id"]
        for workflow in json.loads(done.stdout)["workflows"]
        for finding in workflow.get("findings", ())
        for fact in finding["facts"]
    }
