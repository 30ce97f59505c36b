"""The document is clean under the linters that its readers run."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.npm import npm_program
from tests.openapi.contract import Contract

#: The newest that was looked at; another may know other rules.
REDOCLY = "@redocly/cli@2.77.0"

#: Neither usage data nor a question for updates may leave a test run.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@pytest.fixture(scope="session")
def redocly() -> Path:
    """The linter."""
    return npm_program("redocly", REDOCLY)


def problems(redocly: Path, document: Path) -> list[dict[str, Any]]:
    """Everything that the recommended rules find."""
    lint = [str(redocly), "lint", "--extends", "recommended", "--format", "json", str(document)]
    done = subprocess.run(
        lint,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=document.parent,
        env=os.environ | QUIET,
    )
    report = json.loads(done.stdout)
    assert report["totals"].keys() >= {"errors", "warnings"}
    return list(report["problems"])


@pytest.mark.slow
@pytest.mark.parametrize("which", ["contract", "of_all_models"])
def test_redocly_finds_nothing(
    redocly: Path, request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """Neither error nor warning under the recommended rules."""
    document = tmp_path / "openapi.json"
    document.write_bytes(orjson.dumps(request.getfixturevalue(which).document))
    assert problems(redocly, document) == []


@pytest.mark.slow
def test_redocly_finds_nothing_where_a_dialect_adds_to_the_api(
    redocly: Path, extended: Contract, tmp_path: Path
) -> None:
    document = tmp_path / "openapi.json"
    document.write_bytes(orjson.dumps(extended.document))
    assert problems(redocly, document) == []


@pytest.mark.slow
def test_redocly_would_find_something(redocly: Path, contract: Contract, tmp_path: Path) -> None:
    """A document without its licence is told of, so the test above can fail."""
    info = {name: each for name, each in contract.document["info"].items() if name != "license"}
    document = tmp_path / "openapi.json"
    document.write_bytes(orjson.dumps({**contract.document, "info": info}))
    assert [each["ruleId"] for each in problems(redocly, document)] == ["info-license"]


@pytest.mark.parametrize("which", ["contract", "of_all_models"])
def test_agrees_with_the_schema_of_openapi(request: pytest.FixtureRequest, which: str) -> None:
    """As the OpenAPI Initiative publishes it."""
    validator = pytest.importorskip("openapi_spec_validator")
    document = request.getfixturevalue(which).document
    validator.validate(json.loads(orjson.dumps(document)))


def test_what_a_dialect_adds_agrees_with_the_schema_of_openapi(extended: Contract) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(json.loads(orjson.dumps(extended.document)))
