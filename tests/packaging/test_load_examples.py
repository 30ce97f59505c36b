"""The examples of load tests do what they say: Locust's runs, k6's fits k6's own types."""

import csv
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from tests.npm import npm_folder
from tests.pip import pip_environment

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "load"
KEY = "mv_test_load"
IN_FLIGHT = 3

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A platform under load that is over in seconds."""
    settings = Settings(
        port=0,
        profile="load",
        seed=7,
        latency="none",
        queued="uniform(0.05,0.1)",
        processing="uniform(0.1,0.3)",
        failures=0.1,
        in_flight=IN_FLIGHT,
        quota=("40/1", "tasks=6"),
        journal_sample=10,
        log_level="warning",
    )
    with MockServer(settings) as running:
        yield running


def run_locust(url: str, folder: Path) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """What Locust counted, by type and name of requests; it must not fail."""
    locust = pip_environment("locust==2.47.0") / "locust"
    command = [str(locust), "-f", str(EXAMPLES / "locustfile.py"), "--host", url, "--headless"]
    users = ["-u", "12", "-r", "12", "-t", "5s", "--csv", str(folder / "run"), "--only-summary"]
    done = subprocess.run(
        [*command, *users],
        cwd=folder,
        env={"MINDVIDEO_POLL": "0.2", "MINDVIDEO_API_KEY": KEY, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (folder / "run_stats.csv").open(encoding="utf-8", newline="") as file:
        return {(row["Type"], row["Name"]): row for row in csv.DictReader(file)}


def asked(server: MockServer, path: str) -> Any:
    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx2.get(f"{server.url}/_mock/{path}", headers=headers).raise_for_status().json()


def most_at_once(tasks: list[Any]) -> int:
    """How many were worked on at once, at most."""
    moments = []
    for each in tasks:
        begun = [step["at"] for step in each["timeline"] if step["status"] == "processing"]
        ended = [step["at"] for step in each["timeline"][2:]]
        moments += [(at, 1) for at in begun] + [(at, -1) for at in ended]
    now = most = 0
    for _, change in sorted(moments):  # at one moment, who ends goes before who begins
        now += change
        most = max(most, now)
    return most


def test_locusts_users_get_their_videos_from_a_platform_that_is_busy(
    server: MockServer, tmp_path: Path
) -> None:
    counted = run_locust(server.url, tmp_path)
    tasks = asked(server, "tasks?limit=10000")["tasks"]
    journal = asked(server, "requests?limit=100000")
    statuses = {each["status"] for each in journal["requests"]}
    finished = [each for kind, each in counted.items() if kind[0] == "TASK"]
    assert sum(int(each["Request Count"]) for each in finished) >= 10
    assert all(int(each["Failure Count"]) == 0 for each in counted.values())
    assert len(tasks) >= sum(int(each["Request Count"]) for each in finished)
    assert most_at_once(tasks) == IN_FLIGHT
    assert 429 in statuses
    assert journal["sample"] == 10
    succeeded = sum(each["status"] == "succeeded" for each in tasks)
    assert float(asked(server, "ledger")["charged"]) == pytest.approx(succeeded * 0.6165, abs=2)


def test_k6s_script_fits_k6s_own_types(tmp_path: Path) -> None:
    """k6 itself is in no registry that tests can reach, so its script is checked, not run."""
    folder = npm_folder("typescript@5.9.3", "@types/k6@2.3.0", "@types/node@24.10.1")
    options = {
        "allowJs": True, "checkJs": True, "noEmit": True, "strict": True, "noImplicitAny": False,
        "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"],
        "types": ["k6"], "typeRoots": [str(folder / "node_modules" / "@types")],
        "paths": {"k6": [str(folder / "node_modules/@types/k6/index.d.ts")],
                  "k6/*": [str(folder / "node_modules/@types/k6/*")]},
    }  # fmt: skip
    config = tmp_path / "tsconfig.json"
    config.write_text(
        json.dumps({"compilerOptions": options, "files": [str(EXAMPLES / "script.js")]})
    )
    tsc = folder / "node_modules" / ".bin" / "tsc"
    done = subprocess.run(
        [str(tsc), "-p", str(config)], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout
    spoiled = tmp_path / "spoiled.js"
    spoiled.write_text((EXAMPLES / "script.js").read_text().replace("sleep(poll)", "sleep('soon')"))
    config.write_text(json.dumps({"compilerOptions": options, "files": [str(spoiled)]}))
    found = subprocess.run(
        [str(tsc), "-p", str(config)], capture_output=True, text=True, timeout=600, check=False
    )
    assert "is not assignable to parameter of type 'number'" in found.stdout
