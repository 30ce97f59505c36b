"""What GitHub reads of this project has the form that GitHub documents."""

import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml

from tests.packaging.documents import ROOT

GITHUB = ROOT / ".github"

_CONFIG = GITHUB / "ISSUE_TEMPLATE" / "config.yml"

#: Which schema holds for which files.
FORMS = {
    "vendor.github-workflows": sorted(GITHUB.glob("workflows/*.yml")),
    "vendor.github-issue-forms": sorted({*_CONFIG.parent.glob("*.yml")} - {_CONFIG}),
    "vendor.github-issue-config": [_CONFIG],
    "vendor.dependabot": [GITHUB / "dependabot.yml"],
    "vendor.github-actions": [ROOT / "action.yml"],
}
CI: dict[str, Any] = yaml.safe_load((GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("schema", FORMS)
def test_the_files_have_their_form(schema: str) -> None:
    files = [str(file) for file in FORMS[schema]]
    assert files
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_ci_runs_every_check_and_the_pythons_that_are_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = {
        each.rpartition(" ")[2]
        for each in project["classifiers"]
        if each.startswith("Programming Language :: Python :: 3.")
    }
    assert promised <= set(CI["jobs"]["quick"]["strategy"]["matrix"]["python"])
    assert any(step.get("run") == ".ci/run" for step in CI["jobs"]["everything"]["steps"])


def test_ci_tests_the_newest_releases_too() -> None:
    quick = CI["jobs"]["quick"]
    assert any(each["releases"] == "newest" for each in quick["strategy"]["matrix"]["include"])
    assert any(step.get("run") == "make newest" for step in quick["steps"])


def test_a_workflow_may_read_the_code_and_nothing_else() -> None:
    assert CI["permissions"] == {"contents": "read"}
