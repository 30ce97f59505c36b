"""The document is clean under the linters that its readers run."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.openapi.contract import Contract

#: The newest that was looked at; another may know other rules.
REDOCLY = "@redocly/cli@2.77.0"

ROOT = Path(__file__).resolve().parents[2]

#: Neither usage data nor a question for updates may leave a test run.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@pytest.fixture(scope="session")
def redocly() -> Path:
    """The linter, installed once under `.build`; skips where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so there is no Redocly to lint with")
    folder = ROOT / ".build" / "npm-redocly" / REDOCLY.rpartition("@")[2]
    program = folder / "node_modules" / ".bin" / "redocly"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", REDOCLY]
        subprocess.run(install, check=True, capture_output=True, timeout=240)
    return program


def problems(redocly: Path, document: Path) -> list[dict[str, Any]]:
    """Everything that the recommended rules find."""
    lint = [str(redocly), "lint", "--extends", "recommended", "--format", "json", str(document)]
    done = subprocess.run(
        lint,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=document.parent,
        env=os.environ | QUIET,
    )
    report = json.loads(done.stdout)
    assert report["totals"].keys() >= {"errors", "warnings"}
    return list(report["problems"])


@pytest.mark.slow
def test_redocly_finds_nothing(redocly: Path, contract: Contract, tmp_path: Path) -> None:
    """Neither error nor warning under the recommended rules."""
    document = tmp_path / "openapi.json"
    document.write_bytes(orjson.dumps(contract.document))
    assert problems(redocly, document) == []


@pytest.mark.slow
def test_redocly_would_find_something(redocly: Path, contract: Contract, tmp_path: Path) -> None:
    """A document without its licence is told of, so the test above can fail."""
    info = {name: each for name, each in contract.document["info"].items() if name != "license"}
    document = tmp_path / "openapi.json"
    document.write_bytes(orjson.dumps({**contract.document, "info": info}))
    assert [each["ruleId"] for each in problems(redocly, document)] == ["info-license"]


def test_agrees_with_the_schema_of_openapi(contract: Contract) -> None:
    """As the OpenAPI Initiative publishes it."""
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(json.loads(orjson.dumps(contract.document)))
