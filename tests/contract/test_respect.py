"""Redocly's linter and runner take the same files, and come to the same verdicts."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.contract.http_transport import HttpTransport
from tests.contract.mutants import DOCUMENTED
from tests.contract.running import CONTRACTS, run
from tests.contract.test_mutants import schemas
from tests.openapi.test_lint import QUIET, redocly

__all__ = ["redocly"]

pytestmark = pytest.mark.slow

SOURCES = ("mindvideo", "control", "beyond")


def exported(folder: Path, url: str) -> list[str]:
    command = [sys.executable, "-m", "mock_mindvideo", "verify", "--export", str(folder)]
    subprocess.run([*command, "--base-url", url], check=True, capture_output=True)
    return sorted(file.name for file in folder.glob("*.arazzo.yaml"))


def test_the_linter_finds_nothing(redocly: Path, tmp_path: Path) -> None:
    exported(tmp_path, "http://127.0.0.1:8080")
    files = sorted(file.name for file in tmp_path.glob("*.yaml"))
    done = subprocess.run(
        [str(redocly), "lint", "--format", "json", *files],
        cwd=tmp_path, env=os.environ | QUIET, capture_output=True, text=True, check=False,
    )  # fmt: skip
    reports = list(documents(done.stdout))
    assert len(reports) == len(files)
    assert [each for report in reports for each in report["problems"]] == []


def documents(text: str) -> Iterator[Any]:
    """The JSON documents that stand one after another: one for each file."""
    decoder = json.JSONDecoder()
    while text := text.strip():
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:]


def theirs(redocly: Path, folder: Path, url: str, files: list[str]) -> Mapping[str, bool]:
    """Whether each workflow is kept, as Redocly's runner sees it."""
    servers = [word for name in SOURCES for word in ("--server", f"{name}={url}")]
    command = [str(redocly), "respect", *files, "--input", f"run={uuid.uuid4().hex[:12]}"]
    subprocess.run(
        [*command, *servers, "--json-output", "out.json"],
        cwd=folder, env=os.environ | QUIET, capture_output=True, check=False, timeout=900,
    )  # fmt: skip
    report = json.loads((folder / "out.json").read_text())
    return {
        workflow["workflowId"]: workflow["status"] == "success"
        for file in report["files"].values()
        for workflow in file["executedWorkflows"]
    }


def ours(url: str, files: list[str]) -> Mapping[str, bool]:
    """The same, as our runner does; strictly, since Redocly knows no fidelity."""
    transport = HttpTransport(direct=True)
    paths = tuple(file for file in CONTRACTS if file.name in files)
    report = run(transport, files=paths, base_url=url, strict=True, run=uuid.uuid4().hex[:12])
    transport.close()
    return {outcome.id: outcome.status == "kept" for outcome in report.outcomes}


def test_both_runners_find_every_contract_kept(redocly: Path, tmp_path: Path) -> None:
    with MockServer(Settings(port=0, progress="polls", log_level="warning")) as server:
        files = exported(tmp_path, server.url)
        verdicts = theirs(redocly, tmp_path, server.url, files)
        assert verdicts == ours(server.url, files)
    assert all(verdicts.values())
    assert len(verdicts) >= 50


@pytest.mark.parametrize(
    "name", ["sixteen seconds are taken", "no reference is needed", "a size is missing"]
)
def test_both_runners_find_the_same_contracts_broken(
    redocly: Path, tmp_path: Path, name: str
) -> None:
    mutant = next(each for each in DOCUMENTED if each.name == name)
    folder = schemas(mutant, tmp_path / "schemas")
    settings = Settings(port=0, progress="polls", schemas=folder, log_level="warning")
    with MockServer(settings) as server:
        exported(tmp_path, server.url)
        files = ["validation.arazzo.yaml"]
        verdicts = theirs(redocly, tmp_path, server.url, files)
        assert verdicts == ours(server.url, files)
    assert not all(verdicts.values())
