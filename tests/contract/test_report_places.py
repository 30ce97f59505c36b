"""A finding in a file of the package is told so that a reader without that file can use it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from mock_mindvideo.cli import main
from tests.contract.honest import Honest, Ways, listening

CHOSEN = ("--only", "unknown-tasks")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that the shipped contracts are not in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(*words: str) -> str:
    with listening(Honest(Ways(errors="html"))) as url:
        done = CliRunner().invoke(main, ["verify", "--base-url", url, *CHOSEN, *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_annotations_name_the_rule_and_where_it_is_explained(elsewhere: Path) -> None:
    lines = verify("--format", "github").splitlines()
    assert lines
    for line in lines:
        assert line.startswith("::warning title=X")
        assert "errors.arazzo.yaml" in line
        assert "fidelity.json#X" in line


def test_sarif_has_paths_below_a_named_base_and_rules_with_help(elsewhere: Path) -> None:
    run = json.loads(verify("--format", "sarif"))["runs"][0]
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place == {"uri": "contracts/errors.arazzo.yaml", "uriBaseId": "PACKAGES"}
    assert run["originalUriBaseIds"]["PACKAGES"]["uri"].endswith("/")
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["helpUri"].endswith("#" + rule["id"])


def test_in_the_working_directory_paths_are_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    run = json.loads(verify("--format", "sarif"))["runs"][0]
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    }
    assert uris == {"contracts/errors.arazzo.yaml"}
    assert "::warning file=contracts/errors.arazzo.yaml,line=" in verify("--format", "github")
    root = ET.fromstring(verify("--format", "junit"))  # noqa: S314 - written by us
    assert {each.get("file") for each in root.iter("testcase")} == {"contracts/errors.arazzo.yaml"}
